package dev.musicfs.config;

import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code docs/CONFIGURATION.md}: what there is to know of each key, as tables. */
final class ConfigurationPage {
    private static final String INTRODUCTION =
            """
            # Configuration

            <!-- Made from the table of keys by: %s -->

            The file is `-c FILE`, else `$XDG_CONFIG_HOME/musicfs/musicfs.toml` (`~/.config`), else `/etc/musicfs/musicfs.toml`. [conf/musicfs.toml](../conf/musicfs.toml) is an example with every default.

            A flag goes before a variable, a variable before the file, the file before the default. The variable of a key is `MUSICFS_` and its name in capitals with underscores for dots: `MUSICFS_FUSE_UID` for `fuse.uid`. Keys that `-o` takes as well have that beside them. Unknown keys and wrong values are errors with file and line, all at once; `musicfs config check` names them.

            The file is read again at SIGHUP, `systemctl reload` and `musicfs config reload`, with the flags and variables of the start. It is judged as a whole: one with an error changes nothing, and every problem is named. Keys that need a *restart* are named then and keep their value; all else is taken over while the mount serves, the template and origins that come, go or change among it. Tracks of an origin that was removed stay in the tree, as after a restart.

            Sizes are in B, KB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (powers of 1024), or a number of bytes; times in ms, s, m, h, d. Paths are absolute or start with `~/`.
            """;

    private static final String ORIGINS =
            """

            ## `[[origins]]`

            One table for each place where music lies. `--origin`, given once or several times, goes before `MUSICFS_ORIGINS` (paths with colons between them, or paths and URLs with spaces between them), and that before the tables of the file. Origins that are added, removed or changed are taken over at a reload.

            """;

    private static final String SECRETS =
            """

            ## Secrets

            A secret never stands in the file. Where a table above says *a secret*, the key takes one of three endings: `KEY_file` names a file that only its owner may read or write (0600), `KEY_env` a variable of the daemon, `KEY_credential` a credential of systemd (`LoadCredential=`). It is read when it is needed.
            """;

    private final StringBuilder text = new StringBuilder();

    private ConfigurationPage() {}

    static String of(List<OriginType> types, String command) {
        ConfigurationPage page = new ConfigurationPage();
        page.text.append(INTRODUCTION.formatted(command));
        for (ConfigKeys.Section<?> section : ConfigKeys.sections()) {
            page.section(section);
        }
        page.text.append(ORIGINS);
        page.header("Key", "Value", "Default", "For");
        for (Key<OriginConfig, ?> key : OriginKeys.all()) {
            page.row(code(key.name()), key.type().wanted(), unset(key), key.help());
        }
        ExampleFile.byKeys(types).forEach(page::types);
        page.text.append(SECRETS);
        return page.text.toString();
    }

    private void section(ConfigKeys.Section<?> section) {
        text.append("\n## ").append(section.name().isEmpty() ? "Above all tables" : code("[" + section.name() + "]"));
        text.append("\n\n");
        if (!section.help().isEmpty()) {
            text.append(section.help()).append("\n\n");
        }
        header("Key", "Value", "Default", "Changed by", "For");
        for (Key<MusicFsConfig, ?> key : ConfigKeys.all()) {
            if (key.section().equals(section.name())) {
                String change =
                        switch (key.heat()) {
                            case HOT -> "reload";
                            case COLD -> "restart";
                            case HOT_WITH_STORE -> "reload; from or to `cache.size` 0 restart";
                        };
                String option = key.option() ? ", " + code("-o " + key.simpleName()) : "";
                row(code(key.name()) + option, key.type().wanted(), unset(key), change, key.help());
            }
        }
    }

    private void types(List<OriginType> types) {
        OriginType type = types.get(0);
        text.append("\n### ");
        text.append(types.stream()
                .map(each -> code("type = \"" + each.name() + "\""))
                .collect(Collectors.joining(", ")));
        text.append("\n\n");
        text.append(type.help());
        text.append(" Unless set, `timeout` is ").append(Quantities.text(type.defaultTimeout()));
        text.append(" and `concurrency` ").append(type.defaultConcurrency()).append('.');
        if (!type.schemes().isEmpty()) {
            text.append(" URLs for `--origin` begin with ")
                    .append(type.schemes().stream()
                            .sorted()
                            .map(scheme -> code(scheme + "://"))
                            .collect(Collectors.joining(", ")))
                    .append('.');
        }
        text.append("\n\n");
        header("Key", "Value", "For");
        for (OriginKey key : type.keys()) {
            String wanted =
                    switch (key.kind()) {
                        case SECRET -> "a secret";
                        case PRIVATE_FILE -> "a path of a file that only its owner may read or write";
                        default -> key.type().wanted();
                    };
            row(code(key.name()), wanted, (key.required() ? "required: " : "") + key.help());
        }
    }

    private static String unset(Key<?, ?> key) {
        return key.fallback().isPresent() ? code(key.unset()) : key.unset();
    }

    private static String code(String word) {
        return "`" + word + "`";
    }

    private void header(String... cells) {
        row(cells);
        text.append("|---".repeat(cells.length)).append("|\n");
    }

    private void row(String... cells) {
        for (String cell : cells) {
            text.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        text.append("|\n");
    }
}
