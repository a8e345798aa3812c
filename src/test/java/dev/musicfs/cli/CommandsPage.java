package dev.musicfs.cli;

import dev.musicfs.config.ConfigLoader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes {@code docs/COMMANDS.md}: each command with what it takes and what it ends with, from what picocli knows. */
final class CommandsPage {
    private static final String INTRODUCTION =
            """
            # Commands

            <!-- Made from the commands by: %s -->

            `musicfs` is [scripts/musicfs](../scripts/musicfs), or `java -jar` and the jar. Every command takes %s. What a command says goes to standard output, what is wrong to standard error, in lines that begin with `musicfs:`.

            Commands find the running daemon, its cache and its log by the cache directory of the configuration, so they take the `-c` and `--cache-dir` that the daemon was started with. They wait up to 15 s for a daemon that is being started. Where none runs, `musicfs cache stats`, `verify`, `repair` and `clear` work on the cache directory themselves.

            Exit codes are 0 when it is done, 1 when it failed and 2 when the arguments make no sense, unless a command says others.

            """;

    private static final String COMMON = """

            ## Common options

            """;

    private static final String MOUNT_OPTIONS =
            """

            `-o` takes %s, each as [CONFIGURATION.md](CONFIGURATION.md) says. Beside them it lets be what fstab says to mount(8) alone: %s, and whatever begins with `x-`.
            """;

    private final StringBuilder text = new StringBuilder();
    private final List<OptionSpec> everywhere;

    private CommandsPage(List<OptionSpec> everywhere) {
        this.everywhere = everywhere;
    }

    static String of(CommandLine program, String command) {
        List<CommandSpec> leaves = leaves(program.getCommandSpec());
        CommandsPage page = new CommandsPage(ofAll(leaves));
        page.text.append(INTRODUCTION.formatted(command, page.commonOptions()));
        page.header("Command", "Does");
        leaves.forEach(page::row);
        page.text.append(COMMON);
        page.header("Option", "Means");
        shown(CommandSpec.forAnnotatedObject(new CommonOptions())).forEach(page::row);
        leaves.forEach(page::section);
        return page.text.toString();
    }

    /** Commands that have none below them, in the order of the help. */
    private static List<CommandSpec> leaves(CommandSpec above) {
        List<CommandSpec> leaves = new ArrayList<>();
        for (CommandLine each : above.subcommands().values()) {
            CommandSpec spec = each.getCommandSpec();
            leaves.addAll(spec.subcommands().isEmpty() ? List.of(spec) : leaves(spec));
        }
        return leaves;
    }

    /** Options that are the same of every command. */
    private static List<OptionSpec> ofAll(List<CommandSpec> leaves) {
        return shown(leaves.get(0)).stream()
                .filter(option ->
                        leaves.stream().allMatch(leaf -> shown(leaf).stream().anyMatch(other -> isSame(option, other))))
                .toList();
    }

    private static boolean isSame(OptionSpec one, OptionSpec other) {
        return List.of(one.names()).equals(List.of(other.names()))
                && description(one).equals(description(other));
    }

    private static List<OptionSpec> shown(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing(
                        (OptionSpec option) -> option.longestName().replaceFirst("^-+", "")))
                .toList();
    }

    private String commonOptions() {
        return everywhere.stream()
                .map(option -> names(option) + " (" + decapitalized(description(option)) + ")")
                .collect(Collectors.joining("; "))
                .replaceFirst("; (?=[^;]*$)", " and ")
                .replace(';', ',');
    }

    private void row(CommandSpec spec) {
        cells("[`" + spec.qualifiedName() + "`](#" + spec.qualifiedName().replace(' ', '-') + ")", description(spec));
    }

    private void row(OptionSpec option) {
        cells(names(option), description(option));
    }

    private void section(CommandSpec spec) {
        text.append("\n## `").append(spec.qualifiedName()).append("`\n\n");
        text.append("    ").append(synopsis(spec)).append("\n\n");
        text.append(description(spec)).append('\n');
        boolean takesCommon =
                spec.mixins().values().stream().anyMatch(mixin -> mixin.userObject() instanceof CommonOptions);
        List<OptionSpec> left = new ArrayList<>(everywhere);
        if (takesCommon) {
            text.append("\nIt takes the [common options](#common-options).\n");
            left.addAll(shown(CommandSpec.forAnnotatedObject(new CommonOptions())));
        }
        List<OptionSpec> own = shown(spec).stream()
                .filter(option -> left.stream().noneMatch(common -> isSame(option, common)))
                .toList();
        if (!own.isEmpty() || !spec.positionalParameters().isEmpty()) {
            text.append('\n');
            header("Argument", "Means");
            for (PositionalParamSpec parameter : spec.positionalParameters()) {
                cells("`" + parameter.paramLabel() + "`", description(parameter));
            }
            own.forEach(this::row);
        }
        if (own.stream().anyMatch(option -> option.longestName().equals("-o"))) {
            text.append(MOUNT_OPTIONS.formatted(
                    codes(ConfigLoader.mountOptions().keySet().stream().sorted().toList()),
                    codes(MountOptions.notOurs())));
        }
        exitCodes(spec);
    }

    private static String synopsis(CommandSpec spec) {
        StringBuilder synopsis = new StringBuilder(spec.qualifiedName()).append(" [OPTION...]");
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
            synopsis.append(' ').append(parameter.arity().min() == 0 ? "[" + label + "]" : label);
        }
        return synopsis.toString();
    }

    private void exitCodes(CommandSpec spec) {
        Map<String, String> codes = new LinkedHashMap<>(spec.usageMessage().exitCodeList());
        if (codes.isEmpty()) {
            return;
        }
        String heading =
                String.format(spec.usageMessage().exitCodeListHeading()).strip();
        text.append('\n').append(heading).append(' ');
        text.append(codes.entrySet().stream()
                .map(code -> code.getKey().strip() + " " + code.getValue())
                .collect(Collectors.joining("; ")));
        text.append(".\n");
    }

    private static String names(OptionSpec option) {
        String names = codes(List.of(option.names())).replace(", ", " or ");
        return option.arity().max() == 0 ? names : names + " `" + option.paramLabel() + "`";
    }

    private static String codes(List<String> words) {
        return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
    }

    private static String description(ArgSpec argument) {
        return String.format(String.join(" ", argument.description()));
    }

    private static String description(CommandSpec spec) {
        return String.format(String.join(" ", spec.usageMessage().description()));
    }

    private static String decapitalized(String sentence) {
        return sentence.substring(0, 1).toLowerCase(java.util.Locale.ROOT)
                + sentence.substring(1).replaceFirst("\\.$", "");
    }

    private void header(String... cells) {
        cells(cells);
        text.append("|---".repeat(cells.length)).append("|\n");
    }

    private void cells(String... cells) {
        for (String cell : cells) {
            text.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        text.append("|\n");
    }
}
