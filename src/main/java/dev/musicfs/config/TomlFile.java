package dev.musicfs.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a file's text into {@link Settings}. Apart from the rest, so that the parser is loaded only when there is a file. */
final class TomlFile {
    private static final String ORIGINS = "origins";

    private final Path file;
    private final Settings settings;

    private TomlFile(Path file, Settings settings) {
        this.file = file;
        this.settings = settings;
    }

    /** Returns the number of {@code [[origins]]} tables. Everything that is not TOML becomes a problem; then nothing is read. */
    static int read(Path file, String text, Settings settings) {
        TomlFile reader = new TomlFile(file, settings);
        TomlParseResult root = Toml.parse(text);
        for (TomlParseError error : root.errors()) {
            settings.problem(reader.setting("", error.position()), "this is not TOML: " + error.getMessage());
        }
        if (root.hasErrors()) {
            return 0;
        }
        reader.table("", root);
        return root.get(List.of(ORIGINS)) instanceof TomlArray origins && isTables(origins) ? origins.size() : 0;
    }

    private void table(String prefix, TomlTable table) {
        for (String name : table.keySet()) {
            List<String> path = List.of(name);
            value(prefix + name, Objects.requireNonNull(table.get(path)), table.inputPositionOf(path));
        }
    }

    private void value(String key, Object value, @Nullable TomlPosition position) {
        if (value instanceof TomlTable table) {
            if (table.isEmpty() || key.equals(ORIGINS)) {
                put(key, Setting.Structure.TABLE, position);
            }
            table(key + ".", table);
        } else if (value instanceof TomlArray array && isTables(array)) {
            for (int i = 0; i < array.size(); i++) {
                String element = key + "[" + i + "]";
                TomlTable table = array.getTable(i);
                if (table.isEmpty() || key.equals(ORIGINS)) {
                    put(element, Setting.Structure.TABLE, array.inputPositionOf(i));
                }
                table(element + ".", table);
            }
        } else {
            put(key, value instanceof TomlArray array ? texts(array) : value, position);
        }
    }

    private static Object texts(TomlArray array) {
        return array.toList().stream().allMatch(String.class::isInstance)
                ? new Setting.Texts(
                        array.toList().stream().map(String.class::cast).toList())
                : Setting.Structure.ARRAY;
    }

    private void put(String key, Object value, @Nullable TomlPosition position) {
        settings.put(key, setting(value, position));
    }

    private Setting setting(Object value, @Nullable TomlPosition position) {
        int line = position == null ? 1 : position.line();
        return new Setting(value, file + ":" + line, line, Setting.Source.FILE);
    }

    private static boolean isTables(TomlArray array) {
        return !array.isEmpty() && array.toList().stream().allMatch(TomlTable.class::isInstance);
    }
}
