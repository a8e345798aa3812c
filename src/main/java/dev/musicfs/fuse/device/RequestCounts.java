package dev.musicfs.fuse.device;

import dev.musicfs.fuse.protocol.Opcode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How many requests of each kind the kernel has made. For any thread. */
final class RequestCounts {
    private static final String OTHER = "OTHER";

    private final LongAdder[] counts = new LongAdder[Opcode.values().length];
    private final LongAdder others = new LongAdder();

    RequestCounts() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** One more; null stands for all that are unknown. */
    void count(@Nullable Opcode opcode) {
        (opcode == null ? others : counts[opcode.ordinal()]).increment();
    }

    /** Those that happened, by name. */
    Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new TreeMap<>();
        for (Opcode opcode : Opcode.values()) {
            put(snapshot, opcode.name(), counts[opcode.ordinal()].sum());
        }
        put(snapshot, OTHER, others.sum());
        return snapshot;
    }

    private static void put(Map<String, Long> snapshot, String name, long count) {
        if (count > 0) {
            snapshot.put(name, count);
        }
    }
}
