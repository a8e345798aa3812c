package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The store against a map, whatever is done to it in whatever order. Too large to evict: what is put stays. */
class DiskChunkStoreModelTest {
    enum What {
        PUT_AUDIO,
        PUT_TAGS,
        READ,
        REMOVE,
        PIN,
        UNPIN,
        DAMAGE,
        LOSE_INDEX,
        TURN,
        CLOSE_AND_START,
        KILL_AND_START
    }

    record Step(What what, int number) {}

    @Test
    @Resilience("B.6")
    void holdsExactlyWhatAMapWould() {
        Trials.check(100, draw -> play(draw.list(60, () -> new Step(draw.of(What.values()), draw.number(0, 15)))));
    }

    private static void play(List<Step> steps) throws IOException {
        Path directory = Files.createTempDirectory("model");
        try {
            TestingStore kit = new TestingStore(directory, 1L << 30, 1L << 20);
            kit.start();
            kit.store.tickBlocking();
            Map<Integer, EvictionClass> model = new HashMap<>();
            for (Step step : steps) {
                doBoth(kit, model, step);
                for (int number = 0; number < 16; number++) {
                    assertThat(kit.has(number)).isEqualTo(model.containsKey(number));
                }
                assertThat(kit.store.stats().usedBytes()).isGreaterThanOrEqualTo(kit.files.sum());
            }
            kit.store.tickBlocking();
            kit.assertTrueSums();
            model.forEach((number, evictionClass) -> {
                kit.read(number);
                assertThat(kit.files.files.get(TestingStore.id(number)).evictionClass())
                        .isEqualTo(evictionClass);
            });
            long pinned = kit.pins.stream().filter(kit.files::existsBlocking).count();
            assertThat(kit.store.stats().pinnedBytes()).isEqualTo(pinned * TestingStore.FILE_BYTES);
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void doBoth(TestingStore kit, Map<Integer, EvictionClass> model, Step step) {
        ChunkId chunk = TestingStore.id(step.number());
        switch (step.what()) {
            case PUT_AUDIO -> {
                kit.put(step.number(), EvictionClass.AUDIO);
                model.putIfAbsent(step.number(), EvictionClass.AUDIO);
            }
            case PUT_TAGS -> {
                kit.put(step.number(), EvictionClass.TAGS);
                model.put(step.number(), EvictionClass.TAGS);
            }
            case READ -> {
                if (model.containsKey(step.number())) {
                    kit.read(step.number());
                }
            }
            case REMOVE -> {
                kit.pins.remove(chunk);
                kit.store.removeBlocking(List.of(chunk));
                model.remove(step.number());
            }
            case PIN -> {
                if (model.containsKey(step.number())) {
                    kit.pins.add(chunk);
                    kit.store.pinBlocking(List.of(chunk), true);
                }
            }
            case UNPIN -> {
                kit.pins.remove(chunk);
                kit.store.pinBlocking(List.of(chunk), false);
            }
            case DAMAGE -> {
                if (kit.has(step.number()) && !kit.pins.contains(chunk)) {
                    kit.files.damage(chunk);
                    kit.store.scrubBlocking(() -> false, done -> {});
                    model.remove(step.number());
                }
            }
            case LOSE_INDEX -> {
                kit.memory.onAccess = () -> {
                    throw new InternalError("fault in mapped memory");
                };
                kit.store.pinBlocking(List.of(chunk), kit.pins.contains(chunk));
                kit.memory.onAccess = () -> {};
                kit.clock.advance(Duration.ofMinutes(6));
            }
            case TURN -> kit.store.tickBlocking();
            case CLOSE_AND_START -> kit.closeAndStart();
            case KILL_AND_START -> kit.killAndStart();
        }
    }
}
