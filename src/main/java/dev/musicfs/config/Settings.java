package dev.musicfs.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** What all sources set, by key such as {@code fuse.uid} or {@code origins[0].path}, and what turned out to be wrong. */
final class Settings {
    private final Environment environment;
    private final Map<Setting.Source, Map<String, Setting>> layers = new EnumMap<>(Setting.Source.class);
    private final Map<String, Optional<?>> found = new LinkedHashMap<>();
    private final Set<String> excused = new HashSet<>();
    private final List<Located> problems = new ArrayList<>();

    /** A problem with what it is sorted by. */
    private record Located(Setting.Source source, int line, Problem problem) {}

    Settings(Environment environment) {
        this.environment = environment;
    }

    void put(String key, Setting setting) {
        layers.computeIfAbsent(setting.source(), source -> new LinkedHashMap<>())
                .putIfAbsent(key, setting);
    }

    /**
     * The strongest source's value, empty when nobody set a good one. Weaker ones are read too, so that their mistakes are
     * found as well. A key is read once, however often it is asked for; it has one type.
     */
    @SuppressWarnings("unchecked")
    <T> Optional<T> find(String key, ValueType<T> type) {
        Optional<?> known = found.get(key);
        if (known == null) {
            known = read(key, type);
            found.put(key, known);
        }
        return (Optional<T>) known;
    }

    private <T> Optional<T> read(String key, ValueType<T> type) {
        Optional<T> result = Optional.empty();
        for (Map<String, Setting> layer : layers.values()) {
            Setting setting = layer.get(key);
            if (setting != null) {
                Optional<T> value = read(key, setting, type);
                result = result.isPresent() ? result : value;
            }
        }
        return result;
    }

    private <T> Optional<T> read(String key, Setting setting, ValueType<T> type) {
        try {
            return Optional.of(type.read(setting, environment));
        } catch (ValueType.Refused refused) {
            problem(setting, key + " " + refused.getMessage());
            return Optional.empty();
        }
    }

    /** The file and line, the variable or the flag of each key that was found, in the order they were asked for. */
    Map<String, String> sources() {
        Map<String, String> sources = new LinkedHashMap<>();
        found.forEach((key, value) ->
                raw(key).filter(setting -> value.isPresent()).ifPresent(setting -> sources.put(key, setting.where())));
        return sources;
    }

    /** The strongest source's own words. */
    Optional<Setting> raw(String key) {
        return layers.values().stream()
                .map(layer -> layer.get(key))
                .filter(setting -> setting != null)
                .findFirst();
    }

    /** Whether the file has a setting whose key and value match, known to the program or not. */
    boolean fileHas(BiPredicate<String, Object> such) {
        return layers.getOrDefault(Setting.Source.FILE, Map.of()).entrySet().stream()
                .anyMatch(entry -> such.test(entry.getKey(), entry.getValue().value()));
    }

    /** Keys that begin so may be unknown: it is not known which there may be. */
    void excuse(String prefix) {
        layers.values().forEach(layer -> layer.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .forEach(excused::add));
    }

    void problem(Setting setting, String text) {
        problems.add(new Located(setting.source(), setting.line(), setting.problem(text)));
    }

    /** Everything wrong so far, and every key of the file that nobody asked for. */
    List<Problem> finish() {
        layers.getOrDefault(Setting.Source.FILE, Map.of()).forEach((key, setting) -> {
            if (!found.containsKey(key) && !excused.contains(key)) {
                boolean section = found.keySet().stream().anyMatch(other -> other.startsWith(key + "."));
                if (!section) {
                    problem(setting, key + " is not a key of this version" + suggestion(key));
                } else if (setting.value() != Setting.Structure.TABLE) {
                    problem(setting, key + " must be a table, written [" + key + "]");
                }
            }
        });
        return problems.stream()
                .sorted(Comparator.comparing(Located::source).thenComparingInt(Located::line))
                .map(Located::problem)
                .toList();
    }

    private String suggestion(String key) {
        return found.keySet().stream()
                .filter(other -> distance(key, other) <= 2)
                .min(Comparator.<String>comparingInt(other -> distance(key, other))
                        .thenComparing(other -> other))
                .map(other -> "; did you mean " + other + "?")
                .orElse("");
    }

    // Levenshtein's edit distance, a row at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
