package dev.musicfs.fuse.device;

import dev.musicfs.fuse.protocol.Opcode;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How many requests of each kind the kernel has made. For any thread. */
final class RequestCounts {
    private static final String OTHER = "OTHER";

    /** Filled at once and not changed afterwards. */
    private final Map<Opcode, LongAdder> counts = new EnumMap<>(Opcode.class);

    private final LongAdder others = new LongAdder();

    RequestCounts() {
        for (Opcode opcode : Opcode.values()) {
            counts.put(opcode, new LongAdder());
        }
    }

    /** One more; null stands for all that are unknown. */
    void count(@Nullable Opcode opcode) {
        (opcode == null ? others : counts.getOrDefault(opcode, others)).increment();
    }

    /** Those that happened, by name. */
    Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((opcode, count) -> put(snapshot, opcode.name(), count.sum()));
        put(snapshot, OTHER, others.sum());
        return snapshot;
    }

    private static void put(Map<String, Long> snapshot, String name, long count) {
        if (count > 0) {
            snapshot.put(name, count);
        }
    }
}
