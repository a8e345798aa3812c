package dev.musicfs.papers;

import dev.musicfs.config.KeyNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether there are the files, keys and variables that a page names. */
final class Names {
    private static final Pattern FILE =
            Pattern.compile("(?<![\\w./-])(?:scripts|conf|docs|src|toxiproxy|\\.ci)/[\\w./-]*\\w");
    private static final Pattern KEY = Pattern.compile("(?<![\\w./-])("
            + KeyNames.keys().stream()
                    .filter(key -> key.contains("."))
                    .map(key -> key.substring(0, key.indexOf('.')))
                    .distinct()
                    .collect(Collectors.joining("|"))
            + ")\\.[a-z_]+\\b(?![.(/-])");
    /** What a mount has for its type in the system's table. */
    private static final String FILE_SYSTEM_TYPE = "fuse.musicfs";

    private static final Pattern VARIABLE = Pattern.compile("\\bMUSICFS_[A-Z][A-Z_]*");

    private final String launcher;

    /** @param launcher the text of the script that starts the program, which has variables of its own */
    Names(String launcher) {
        this.launcher = launcher;
    }

    /** Rooms have names of sections. */
    private static boolean isPackage(String name) {
        return Files.isDirectory(Path.of("src/main/java/dev/musicfs", name.split("\\.")));
    }

    List<String> problems(Paper paper) {
        List<String> problems = new ArrayList<>();
        Set<String> keys = KeyNames.keys();
        Set<String> variables = KeyNames.variables();
        for (String code : paper.code()) {
            each(KEY, code)
                    .filter(key -> !keys.contains(key) && !key.equals(FILE_SYSTEM_TYPE) && !isPackage(key))
                    .forEach(key -> problems.add(key + " is no key of the configuration"));
            each(VARIABLE, code)
                    .filter(name -> !variables.contains(name) && !launcher.contains("${" + name + ":-"))
                    .forEach(name -> problems.add(name + " is no variable that is looked at"));
        }
        each(FILE, paper.text())
                .filter(file -> !Files.exists(Path.of(file)))
                .forEach(file -> problems.add("there is no " + file));
        return problems;
    }

    private static Stream<String> each(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group);
    }
}
