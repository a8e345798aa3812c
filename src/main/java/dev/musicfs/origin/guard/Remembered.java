package dev.musicfs.origin.guard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A table that forgets its oldest entries. For any thread. */
public final class Remembered<K, V> {
    private final int limit;
    private final Map<K, V> entries = new LinkedHashMap<>();

    public Remembered(int limit) {
        this.limit = limit;
    }

    /** What was there before. */
    public synchronized Optional<V> put(K key, V value) {
        Optional<V> before = Optional.ofNullable(entries.put(key, value));
        if (entries.size() > limit) {
            entries.remove(entries.keySet().iterator().next());
        }
        return before;
    }

    public synchronized Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    public synchronized Optional<V> remove(K key) {
        return Optional.ofNullable(entries.remove(key));
    }

    public synchronized int size() {
        return entries.size();
    }
}
