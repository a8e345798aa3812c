package dev.musicfs.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.nio.file.Path;

/** Reads a file's text into {@link Settings}. Apart from the rest, so that Jackson is loaded only when there is a file. */
final class TomlFile {
    private static final String ORIGINS = "origins";

    private final Path file;
    private final TomlLines lines;
    private final Settings settings;

    private TomlFile(Path file, TomlLines lines, Settings settings) {
        this.file = file;
        this.lines = lines;
        this.settings = settings;
    }

    /** Gives back how many {@code [[origins]]} there are. A text that is not TOML becomes a problem of its own. */
    static int read(Path file, String text, Settings settings) {
        JsonNode root;
        try {
            root = new TomlMapper().readTree(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : lineOf(e, e.getLocation());
            Setting nowhere = new Setting("", file + ":" + line, line, Setting.Source.FILE);
            settings.problem(nowhere, "this is not TOML: " + e.getOriginalMessage());
            return 0;
        }
        TomlFile reader = new TomlFile(file, TomlLines.of(text), settings);
        reader.table("", root);
        JsonNode origins = root.path(ORIGINS);
        return origins.isArray() && !origins.isEmpty() && allTables(origins) ? origins.size() : 0;
    }

    private void table(String prefix, JsonNode table) {
        table.properties().forEach(entry -> {
            String key = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            value(key, entry.getValue());
        });
    }

    private void value(String key, JsonNode value) {
        if (value.isObject()) {
            put(key, Setting.Structure.TABLE, value.isEmpty() || key.equals(ORIGINS));
            table(key, value);
        } else if (value.isArray() && !value.isEmpty() && allTables(value)) {
            for (int i = 0; i < value.size(); i++) {
                String element = key + "[" + i + "]";
                put(element, Setting.Structure.TABLE, value.get(i).isEmpty() || key.equals(ORIGINS));
                table(element, value.get(i));
            }
        } else if (value.isArray()) {
            put(key, Setting.Structure.ARRAY, true);
        } else {
            put(key, scalar(value), true);
        }
    }

    private void put(String key, Object value, boolean wanted) {
        if (wanted) {
            int line = lines.lineOf(key);
            settings.put(key, new Setting(value, file + ":" + line, line, Setting.Source.FILE));
        }
    }

    // Jackson notices a key given twice after its value, when it has read the line's end as well.
    private static int lineOf(JsonProcessingException e, JsonLocation location) {
        boolean after = e.getOriginalMessage().equals("Duplicate key") && location.getColumnNr() <= 1;
        return after ? location.getLineNr() - 1 : location.getLineNr();
    }

    private static Object scalar(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber()) {
            return value.bigIntegerValue();
        }
        return value.isNumber() ? (Object) value.doubleValue() : value.asText();
    }

    private static boolean allTables(JsonNode array) {
        for (JsonNode element : array) {
            if (!element.isObject()) {
                return false;
            }
        }
        return true;
    }
}
