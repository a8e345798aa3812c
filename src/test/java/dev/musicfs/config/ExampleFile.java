package dev.musicfs.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes {@code conf/musicfs.toml}: every key with its default, as comments where there is none. */
final class ExampleFile {
    private static final int WIDTH = 118;
    private static final int COLUMN = 27;
    private static final int WIDEST = 50;

    private final StringBuilder text = new StringBuilder();

    private ExampleFile() {}

    static String of(List<OriginType> types, String command) {
        ExampleFile file = new ExampleFile();
        file.header(command);
        ConfigKeys.sections().forEach(section -> {
            file.section(section);
            if (section.name().isEmpty()) {
                file.origins(types);
            }
        });
        return file.text.toString();
    }

    private void header(String command) {
        line(
                "# MusicFS. Every key stands here with its default; docs/CONFIGURATION.md has a table of them. Both are made by:");
        line("# " + command);
        line("#");
        line("# Read from -c FILE, else $XDG_CONFIG_HOME/musicfs/musicfs.toml (~/.config/...), else"
                + " /etc/musicfs/musicfs.toml.");
        line("# A flag goes before a variable (MUSICFS_FUSE_UID for fuse.uid), a variable before this file.");
        line("# Paths are absolute or start with ~/. Check a file with: musicfs config check -c FILE");
    }

    private void section(ConfigKeys.Section<?> section) {
        List<Key<MusicFsConfig, ?>> keys = ConfigKeys.all().stream()
                .filter(key -> key.section().equals(section.name()))
                .toList();
        if (section.name().isEmpty()) {
            keys.forEach(this::topLevel);
            return;
        }
        line("");
        comment(section.help());
        line("[" + section.name() + "]");
        keys.forEach(key -> line(commented(assignment(key), COLUMN, key.help())));
    }

    private void topLevel(Key<?, ?> key) {
        line("");
        comment(key.help() + (key.fallback().isEmpty() ? " Default: " + key.unset() + "." : ""));
        line((key.fallback().isEmpty() ? "# " : "") + assignment(key));
    }

    private void origins(List<OriginType> types) {
        line("");
        comment(
                "Where the music lies: one table for each origin. Default: none. --origin and MUSICFS_ORIGINS replace them"
                        + " all: paths with colons between them, or paths and URLs with spaces between them. A secret never stands"
                        + " here: in place of a key such as password, password_file names a file that only its owner may read"
                        + " (0600), password_env a variable, password_credential a credential of systemd.");
        line("# [[origins]]");
        OriginType local = types.stream()
                .filter(type -> type.name().equals("local"))
                .findFirst()
                .orElseThrow();
        for (Key<OriginConfig, ?> key : OriginKeys.all()) {
            line(commented("# " + assignment(key), COLUMN, key.help()));
            if (key.name().equals(OriginKeys.TYPE.name())) {
                local.keys().forEach(own -> line(commented("# " + assignment(own), COLUMN, "required: " + own.help())));
            }
        }
        byKeys(types.stream().filter(type -> type != local).toList()).forEach(this::example);
    }

    // Types that differ in nothing but their name share an example.
    static List<List<OriginType>> byKeys(List<OriginType> types) {
        return List.copyOf(types.stream()
                .collect(Collectors.groupingBy(
                        type -> Map.entry(type.help(), type.keys()), LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    private void example(List<OriginType> types) {
        OriginType type = types.get(0);
        line("#");
        comment(type.help());
        List<OriginKey> shown =
                type.keys().stream().filter(key -> !key.example().isEmpty()).toList();
        // As wide as the widest key, but for one that is very wide.
        int column = shown.stream()
                .mapToInt(key -> "#   ".length() + assignment(key).length() + 2)
                .filter(width -> width <= WIDEST)
                .max()
                .orElse(COLUMN);
        String others = types.stream()
                .skip(1)
                .map(other -> "or \"" + other.name() + "\"")
                .collect(Collectors.joining(", "));
        line(commented("#   type = \"" + type.name() + "\"", column, others));
        shown.forEach(key -> line(commented("#   " + assignment(key), column, key.help())));
        List<String> more = type.keys().stream()
                .filter(key -> key.example().isEmpty())
                .map(OriginKey::name)
                .toList();
        if (!more.isEmpty()) {
            line("# It also takes " + String.join(", ", more) + ".");
        }
    }

    private static String assignment(Key<?, ?> key) {
        return key.simpleName() + " = " + literal(key.example());
    }

    private static String assignment(OriginKey key) {
        boolean secret = key.kind() == OriginKey.Kind.SECRET;
        String suffix = key.example().startsWith("/") ? "_file" : "_env";
        return key.name() + (secret ? suffix : "") + " = " + literal(key.example());
    }

    private static String literal(String value) {
        return value.matches("-?(0|[1-9][0-9]*)|true|false") ? value : "\"" + value + "\"";
    }

    private static String commented(String assignment, int column, String help) {
        return help.isEmpty()
                ? assignment
                : String.format(Locale.ROOT, "%-" + (column - 1) + "s # %s", assignment, help);
    }

    private void comment(String words) {
        List<String> line = new ArrayList<>(List.of("#"));
        int length = 1;
        for (String word : words.isEmpty() ? List.<String>of() : List.of(words.split(" "))) {
            if (length + 1 + word.length() > WIDTH) {
                line(String.join(" ", line));
                line = new ArrayList<>(List.of("#"));
                length = 1;
            }
            line.add(word);
            length += 1 + word.length();
        }
        if (length > 1) {
            line(String.join(" ", line));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
