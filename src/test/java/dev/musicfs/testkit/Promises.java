package dev.musicfs.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the tables of SEMANTICS.md and RESILIENCE.md, and finds the tests that prove their rows. */
public final class Promises {
    private static final List<Path> SOURCES =
            List.of(Path.of("src", "test", "java"), Path.of("src", "chaosTest", "java"));
    /** Tests, contracts that several tests inherit, and the matrix of the chaos tests, which is one. */
    private static final String TEST_FILES = ".*(Test|IT|Contract|Matrix)\\.java";

    private static final Pattern TEST = Pattern.compile("`([A-Za-z0-9]+)#([A-Za-z0-9]+)`");
    private static final Set<String> MARKS = Set.of("Test", "ArchTest", "TestFactory", "ParameterizedTest");

    private Promises() {}

    /** The cells of all rows, without head and rule. */
    public static List<List<String>> rows(String page) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : page.lines().filter(each -> each.startsWith("|")).toList()) {
            List<String> cells = Arrays.stream(
                            line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                    .map(String::strip)
                    .toList();
            if (!cells.get(0).equals("id") && !cells.get(0).startsWith("-")) {
                rows.add(cells);
            }
        }
        return rows;
    }

    /** The tests a cell names. */
    public static List<String> tests(String cell) {
        return TEST.matcher(cell)
                .results()
                .map(match -> match.group(1) + "#" + match.group(2))
                .toList();
    }

    /** The test with this name, empty when there is none or it is no test. */
    public static Optional<Method> find(String test) throws IOException, ClassNotFoundException {
        String[] parts = test.split("#", -1);
        for (Class<?> type : classes()) {
            if (type.getSimpleName().equals(parts[0])) {
                return tests(type).stream()
                        .filter(method -> method.getName().equals(parts[1]))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /** The tests marked with {@link Resilience}, sorted, by the row they claim. */
    public static SortedMap<String, List<String>> testsByRow() throws IOException, ClassNotFoundException {
        SortedMap<String, List<String>> tests = new TreeMap<>();
        for (Class<?> type : classes()) {
            for (Method method : type.getDeclaredMethods()) {
                Resilience mark = method.getAnnotation(Resilience.class);
                for (String row : mark == null ? new String[0] : mark.value()) {
                    tests.computeIfAbsent(row, any -> new ArrayList<>())
                            .add(type.getSimpleName() + "#" + method.getName());
                }
            }
        }
        tests.values().forEach(Collections::sort);
        return tests;
    }

    private static List<Method> tests(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Arrays.stream(method.getAnnotations())
                        .anyMatch(each -> MARKS.contains(each.annotationType().getSimpleName())))
                .toList();
    }

    private static List<Class<?>> classes() throws IOException, ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>();
        for (Path sources : SOURCES) {
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(each -> each.toString().matches(TEST_FILES))
                        .toList()) {
                    String name = sources.relativize(file).toString().replace('/', '.');
                    String type = name.substring(0, name.length() - ".java".length());
                    classes.add(Class.forName(type, false, Promises.class.getClassLoader()));
                }
            }
        }
        return classes;
    }
}
