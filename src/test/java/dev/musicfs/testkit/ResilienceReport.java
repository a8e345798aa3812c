package dev.musicfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Which rows of RESILIENCE.md are proven by tests that ran: those marked with {@link Resilience}. {@code scripts/test} runs
 * it after Maven. That a row is open exactly when no test claims it is checked by {@code SemanticsTest}.
 */
public final class ResilienceReport {
    private static final List<Path> REPORTS = List.of(
            Path.of("target", "surefire-reports"),
            Path.of("target", "failsafe-reports"),
            Path.of("target", "chaos-reports"));

    private static final Path PAGE = Path.of("target", "resilience.md");

    private final List<List<String>> rows;
    private final Map<String, List<String>> tests;
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

    private ResilienceReport(
            List<List<String>> rows, Map<String, List<String>> tests, Map<String, Set<Result>> results) {
        this.rows = rows;
        this.tests = tests;
        this.results = results;
    }

    /**
     * Prints a summary and writes the table with every test to {@code target/resilience.md}. With {@code --full} exits
     * with 1 when a row that is not open has a test that failed, was skipped or did not run.
     */
    public static void main(String[] args) throws IOException, ClassNotFoundException, XMLStreamException {
        ResilienceReport report = of(Files.readString(Path.of("RESILIENCE.md")), Promises.testsByRow(), REPORTS);
        report.summary().forEach(System.out::println);
        Files.write(PAGE, report.page());
        List<String> unproven = report.unproven();
        if (Arrays.asList(args).contains("--full") && !unproven.isEmpty()) {
            unproven.forEach(each -> System.err.println("resilience: " + each));
            System.exit(1);
        }
    }

    /** From the page's text, the tests of each row, and the directories of JUnit reports, which need not exist. */
    static ResilienceReport of(String page, Map<String, List<String>> tests, List<Path> directories)
            throws IOException, XMLStreamException {
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
        return new ResilienceReport(Promises.rows(page), tests, results);
    }

    /** One line for each row: id, state, and how many of its tests came to what. */
    List<String> summary() {
        return rows.stream()
                .map(row -> String.format("%-6s %-8s %s", row.get(0), row.get(2), counts(row)))
                .toList();
    }

    private String counts(List<String> row) {
        Map<Result, Integer> counts = new EnumMap<>(Result.class);
        testsOf(row).forEach(test -> counts.merge(resultOf(test), 1, Integer::sum));
        return counts.isEmpty()
                ? "-"
                : counts.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey().text)
                        .collect(Collectors.joining(", "));
    }

    /** The table of RESILIENCE.md with a last column: each test of the row and what became of it. */
    List<String> page() {
        List<String> lines =
                new ArrayList<>(List.of("| id | when ... then ... | state | tests |", "|---|---|---|---|"));
        for (List<String> row : rows) {
            String tests = testsOf(row).stream()
                    .map(test -> "`" + test + "`: " + resultOf(test).text)
                    .collect(Collectors.joining(", "));
            lines.add("| " + String.join(" | ", row) + " | " + tests + " |");
        }
        return lines;
    }

    /** One sentence for each test of a row that claims something and did not pass. */
    List<String> unproven() {
        List<String> unproven = new ArrayList<>();
        for (List<String> row : rows) {
            for (String test : testsOf(row)) {
                Result result = resultOf(test);
                if (result != Result.PASSED) {
                    unproven.add("row " + row.get(0) + " is " + row.get(2) + " and " + test + ": " + result.text);
                }
            }
        }
        return unproven;
    }

    private List<String> testsOf(List<String> row) {
        return tests.getOrDefault(row.get(0), List.of());
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
