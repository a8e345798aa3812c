package dev.musicfs.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the tables of Markdown pages whose rows name tests as {@code Class#method}, and finds those tests. */
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

    /** Every test marked with {@link Resilience}, by name, with the rows it claims. */
    public static Map<String, List<String>> claims() throws IOException, ClassNotFoundException {
        Map<String, List<String>> claims = new TreeMap<>();
        for (Class<?> type : classes()) {
            for (Method method : type.getDeclaredMethods()) {
                Resilience mark = method.getAnnotation(Resilience.class);
                if (mark != null) {
                    claims.put(
                            type.getSimpleName() + "#" + method.getName(),
                            Arrays.stream(mark.value()).sorted().toList());
                }
            }
        }
        return claims;
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
