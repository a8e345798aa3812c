package dev.musicfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Which rows of RESILIENCE.md are proven by tests that ran. Needs nothing but the JDK and the compiled tests, so that
 * {@code scripts/test} can run it after Maven. That the page and the marks agree is checked by {@code SemanticsTest}.
 */
public final class ResilienceReport {
    private static final List<Path> REPORTS = List.of(
            Path.of("target", "surefire-reports"),
            Path.of("target", "failsafe-reports"),
            Path.of("target", "chaos-reports"));

    private final List<List<String>> rows;
    private final Map<String, Set<Result>> results;

    /** What became of a test; of several, the first of these counts. */
    enum Result {
        FAILED("failed"),
        PASSED("passed"),
        SKIPPED("skipped"),
        NOT_RUN("not run");

        private final String text;

        Result(String text) {
            this.text = text;
        }
    }

    private ResilienceReport(List<List<String>> rows, Map<String, Set<Result>> results) {
        this.rows = rows;
        this.results = results;
    }

    /**
     * Prints the table. With {@code --full} exits with 1 when a row that is not open has a test that failed, was
     * skipped or did not run.
     */
    public static void main(String[] args) throws IOException, XMLStreamException {
        ResilienceReport report = of(Files.readString(Path.of("RESILIENCE.md")), REPORTS);
        report.lines().forEach(System.out::println);
        List<String> unproven = report.unproven();
        if (Arrays.asList(args).contains("--full") && !unproven.isEmpty()) {
            unproven.forEach(each -> System.err.println("resilience: " + each));
            System.exit(1);
        }
    }

    /** From the page's text and the directories of JUnit reports, which need not exist. */
    static ResilienceReport of(String page, List<Path> directories) throws IOException, XMLStreamException {
        Map<String, Set<Result>> results = new HashMap<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                    for (Path file : files) {
                        read(file, results);
                    }
                }
            }
        }
        return new ResilienceReport(Promises.rows(page), results);
    }

    /** One line for each row and test: id, state, test, result. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> tests = Promises.tests(row.get(3));
            String head = String.format("%-6s %-8s", row.get(0), row.get(2));
            if (tests.isEmpty()) {
                lines.add(head + " -");
            }
            for (String test : tests) {
                lines.add(head + " " + test + ": " + resultOf(test).text);
                head = " ".repeat(head.length());
            }
        }
        return lines;
    }

    /** One sentence for each test of a row that claims something and did not pass. */
    List<String> unproven() {
        List<String> unproven = new ArrayList<>();
        for (List<String> row : rows) {
            for (String test : Promises.tests(row.get(3))) {
                Result result = resultOf(test);
                if (result != Result.PASSED && !row.get(2).equals("open")) {
                    unproven.add("row " + row.get(0) + " is " + row.get(2) + " and " + test + ": " + result.text);
                }
            }
        }
        return unproven;
    }

    private Result resultOf(String test) {
        return results.getOrDefault(test, Set.of(Result.NOT_RUN)).iterator().next();
    }

    private static void read(Path file, Map<String, Set<Result>> results) throws IOException, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            List<String> names = List.of();
            Result result = Result.PASSED;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "testcase" -> {
                            names = names(
                                    xml.getAttributeValue(null, "classname"), xml.getAttributeValue(null, "name"));
                            result = Result.PASSED;
                        }
                        case "failure", "error" -> result = Result.FAILED;
                        case "skipped" -> result = Result.SKIPPED;
                        default -> {}
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    for (String name : names) {
                        results.computeIfAbsent(name, any -> EnumSet.noneOf(Result.class))
                                .add(result);
                    }
                }
            }
        }
    }

    // A test of a contract runs in each class that extends it and is named on the page by the contract. What follows a
    // method's name in a report are the arguments of one of its runs.
    private static List<String> names(String type, String method) {
        String name = method.split("[^A-Za-z0-9_]", 2)[0];
        List<String> names = new ArrayList<>();
        names.add(type.substring(type.lastIndexOf('.') + 1) + "#" + name);
        try {
            Class<?> above = Class.forName(type, false, ResilienceReport.class.getClassLoader())
                    .getSuperclass();
            for (; above != null && above != Object.class; above = above.getSuperclass()) {
                names.add(above.getSimpleName() + "#" + name);
            }
        } catch (ClassNotFoundException | LinkageError e) {
            return names; // a class of another run, or one that extends a library's
        }
        return names;
    }
}
