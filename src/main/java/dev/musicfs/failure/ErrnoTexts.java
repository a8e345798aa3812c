package dev.musicfs.failure;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * From what strerror(3) says to the number of which it says it. In the C locale and in English that is known beforehand:
 * loading the C library would fail just when a disk is full or descriptors have run out. In another language each number
 * is asked for its text, once, when the first unknown text is met.
 *
 * <p>Putting the process into the C locale instead, by setlocale(3), would be a race: a JVM always has several threads, and
 * the call is safe only in a process of one.
 */
final class ErrnoTexts {
    private final Map<String, Integer> untranslated;
    private final IntFunction<String> strerror;
    private volatile @Nullable Map<String, Integer> translated;

    /**
     * Asks nothing yet.
     *
     * @param untranslated the numbers by what they are called in the C locale
     * @param strerror what a number is called in this process; a {@link LinkageError} when that cannot be had
     */
    ErrnoTexts(Map<String, Integer> untranslated, IntFunction<String> strerror) {
        this.untranslated = untranslated;
        this.strerror = strerror;
    }

    /** The number that has this text; null when none has, or more than one. */
    @Nullable
    Integer find(String text) {
        Integer known = untranslated.get(text);
        return known != null ? known : translated().get(text);
    }

    // Two threads may both ask; they find the same.
    private Map<String, Integer> translated() {
        Map<String, Integer> found = translated;
        if (found == null) {
            found = ask();
            translated = found;
        }
        return found;
    }

    private Map<String, Integer> ask() {
        Map<String, Integer> texts = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        try {
            for (int number : untranslated.values()) {
                String text = strerror.apply(number);
                if (texts.put(text, number) != null) {
                    ambiguous.add(text);
                }
            }
        } catch (LinkageError e) {
            return Map.of(); // the native library cannot be loaded, as where /tmp is mounted noexec
        }
        texts.keySet().removeAll(ambiguous);
        return Map.copyOf(texts);
    }
}
