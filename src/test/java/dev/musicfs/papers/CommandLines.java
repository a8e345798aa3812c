package dev.musicfs.papers;

import dev.musicfs.cli.Programs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Whether the program knows the commands that code in a page runs, and what they are given. */
final class CommandLines {
    private static final Pattern NEXT_COMMAND = Pattern.compile("; | \\| | && | # |\\s{3,}# ?");
    private static final Pattern OURS =
            Pattern.compile("(?:\\$ +)?(?:sudo +)?(?:(?:\\S*/)?musicfs|java .*musicfs-fat\\.jar)\\s+(.+)");
    private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|\\S+");
    /** Such as MOUNTPOINT or k=v. */
    private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z_]+|k=v.*");

    private final String launcher;

    /** @param launcher the text of the script that starts the program, which takes options of its own */
    CommandLines(String launcher) {
        this.launcher = launcher;
    }

    List<String> problems(Paper paper) {
        List<String> problems = new ArrayList<>();
        paper.code().forEach(code -> problems.addAll(problems(code)));
        return problems;
    }

    /** Of one line of a shell. */
    List<String> problems(String code) {
        List<String> problems = new ArrayList<>();
        for (String command : NEXT_COMMAND.split(code, -1)) {
            Matcher ours = OURS.matcher(command.strip());
            if (ours.matches()) {
                problem(words(ours.group(1))).ifPresent(why -> problems.add(command.strip() + ": " + why));
            }
        }
        return problems;
    }

    private static Deque<String> words(String arguments) {
        Deque<String> words = new ArrayDeque<>();
        Matcher word = WORD.matcher(arguments);
        while (word.find()) {
            String bare = word.group()
                    .replaceAll("^[\\[('\"]+|[])'\"]+$|\\.\\.\\.", "")
                    .replaceAll("]+$|,$", "");
            if (!bare.isEmpty()) {
                words.add(bare);
            }
        }
        return words;
    }

    private Optional<String> problem(Deque<String> words) {
        CommandSpec at = Programs.line().getCommandSpec();
        while (!words.isEmpty()) {
            String word = words.remove();
            if (word.startsWith("-")) {
                if (at.parent() == null && launcher.contains("== " + word + " ]]")) {
                    return Optional.empty();
                }
                Optional<String> problem = option(at, word, words);
                if (problem.isPresent()) {
                    return problem;
                }
            } else if (at.subcommands().containsKey(word)) {
                at = at.subcommands().get(word).getCommandSpec();
            } else if (!PLACEHOLDER.matcher(word).matches()
                    && (!at.subcommands().isEmpty() || at.positionalParameters().isEmpty())) {
                return Optional.of("\"" + at.qualifiedName() + "\" knows no \"" + word + "\"");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> option(CommandSpec at, String word, Deque<String> words) {
        String[] parts = word.split("=", 2);
        OptionSpec option = at.findOption(parts[0]);
        if (option == null) {
            return Optional.of("\"" + at.qualifiedName() + "\" has no option " + parts[0]);
        }
        if (option.arity().max() == 0) {
            return Optional.empty();
        }
        String value = parts.length > 1 ? parts[1] : words.isEmpty() ? "" : words.remove();
        if (word.equals("-o") && !PLACEHOLDER.matcher(value).matches()) {
            try {
                Programs.requireMountOptions(value);
            } catch (IllegalArgumentException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }
}
