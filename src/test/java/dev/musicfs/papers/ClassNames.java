package dev.musicfs.papers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether there are the classes, and their members, that a page names in backticks or in a diagram. */
final class ClassNames {
    /** {@code name}, {@code room.Name}, {@code Name.member}, {@code Name.member()}, {@code @Name("value")}. */
    private static final Pattern NAME = Pattern.compile(
            "@?(?:dev\\.musicfs\\.)?((?:[a-z][a-z0-9]*\\.)*)([A-Z][A-Za-z0-9]*)(?:\\.(\\w+))?(?:\\(.*\\))?");

    private static final Pattern IN_DIAGRAM = Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.)+[A-Z][A-Za-z0-9]*\\b");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z0-9_]+");
    /** How the kinds of tests are named. */
    private static final Pattern ANY_TEST = Pattern.compile("X(Test|IT|ChaosTest|Bench)");

    private static final List<String> LIBRARIES = List.of("java.lang.", "java.util.", "io.vertx.core.");

    private final List<Path> sources;

    private ClassNames(List<Path> sources) {
        this.sources = sources;
    }

    static ClassNames ofTheProject() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return new ClassNames(
                    files.filter(file -> file.toString().endsWith(".java")).toList());
        }
    }

    List<String> problems(Paper paper) throws IOException {
        List<String> names = new ArrayList<>(paper.spans());
        for (String line : paper.blockLines()) {
            Matcher inDiagram = IN_DIAGRAM.matcher(line);
            while (inDiagram.find()) {
                names.add(inDiagram.group());
            }
        }
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            Matcher parts = NAME.matcher(name);
            if (parts.matches() && !isThere(parts.group(1), parts.group(2), Optional.ofNullable(parts.group(3)))) {
                problems.add("there is no class or member " + name);
            }
        }
        return problems;
    }

    private boolean isThere(String room, String name, Optional<String> member) throws IOException {
        if (CONSTANT.matcher(name).matches() || ANY_TEST.matcher(name).matches()) {
            return true;
        }
        Path file = Path.of(room.replace('.', '/') + name + ".java");
        for (Path source : sources) {
            if (source.endsWith(file) && (member.isEmpty() || mentions(source, member.get()))) {
                return true;
            }
        }
        return room.isEmpty() && LIBRARIES.stream().anyMatch(library -> isLoaded(library + name));
    }

    private static boolean mentions(Path source, String member) throws IOException {
        return Pattern.compile("\\b" + member + "\\b")
                .matcher(Files.readString(source))
                .find();
    }

    private static boolean isLoaded(String name) {
        try {
            return Class.forName(name, false, ClassNames.class.getClassLoader()) != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
