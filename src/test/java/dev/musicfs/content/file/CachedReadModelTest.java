package dev.musicfs.content.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trials;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random reads, seeks, retaggings, evictions and faults against a plain copy of the file. Everything runs on one thread
 * in an order that the seed of the try alone decides.
 */
class CachedReadModelTest {
    private static final int STEPS = 120;

    @Test
    @Resilience("B.6")
    void everyReadAgreesWithAReferenceCopyWhateverHappensToTheStore() {
        Trials.check(60, draw -> new Model(draw.anyLong()).play());
    }

    private static final class Model {
        private final Random random;
        private final TestingRoom room;
        private final byte[] audio;
        private final List<CachedFile> handles = new ArrayList<>();
        private final List<TestingRoom.Reading> waiting = new ArrayList<>();
        private byte[] bytes;
        private AudioLayout layout;
        private long mtime;
        private long next;

        Model(long seed) {
            random = new Random(seed);
            room = new TestingRoom(4L << 20, random.nextBoolean() ? 2L << 20 : 0);
            audio = TestingRoom.random(random.nextInt(3 << 20), seed);
            retag();
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                if (handles.isEmpty()) {
                    handles.add(room.open(1, room.origin.put("f1", bytes, mtime)));
                }
                act(random.nextInt(32));
            }
            answerAll();
            room.store.onPut = null;
            room.store.onRead = null;
            room.writers.hang(false);
            handles.forEach(CachedFile::close);
            room.pass(Duration.ofSeconds(40));
            room.assertNothingIsHeld();
        }

        private void act(int what) {
            switch (what) {
                case 0 -> handles.add(room.open(1, handles.get(0).version()));
                case 1 -> {
                    answerAll();
                    handles.remove(random.nextInt(handles.size())).close();
                }
                case 2 -> {
                    answerAll();
                    handles.forEach(CachedFile::close);
                    handles.clear();
                    retag();
                }
                case 3 -> evict();
                case 4 -> room.store.damageAll();
                case 5 -> room.store.state = any(StoreState.values());
                case 6 -> room.store.onRead = fault();
                case 7 -> room.store.onPut = fault();
                case 8 -> room.writers.hang(random.nextBoolean());
                case 9 -> room.manifests.failing = random.nextInt(3) == 0;
                case 10 -> room.pass(Duration.ofSeconds(random.nextInt(10)));
                case 11 -> failOneCall();
                case 12 -> room.origin.hold(true);
                case 13 -> answerSome(random.nextInt(8));
                case 14 -> answerAll();
                default -> read();
            }
        }

        private MusicFsException fault() {
            return random.nextBoolean() ? null : new MusicFsException(any(FailureKind.values()), "fault");
        }

        private <T> T any(T[] values) {
            return List.of(values).get(random.nextInt(values.length));
        }

        /** Another header and trailer around the same audio, known to the catalog or not. */
        private void retag() {
            byte[] header = TestingRoom.random(random.nextInt(200_000), random.nextLong());
            byte[] trailer = TestingRoom.random(random.nextInt(40_000), random.nextLong());
            bytes = Arrays.copyOf(header, header.length + audio.length + trailer.length);
            System.arraycopy(audio, 0, bytes, header.length, audio.length);
            System.arraycopy(trailer, 0, bytes, header.length + audio.length, trailer.length);
            mtime++;
            layout = random.nextInt(3) == 0
                    ? AudioLayout.unknown(bytes.length)
                    : TestingRoom.layout(header.length, header.length + audio.length);
            room.layouts = (source, extension, deadline) -> Future.succeededFuture(layout);
        }

        private void evict() {
            List<ChunkId> chunks = new ArrayList<>(room.store.chunks.keySet());
            chunks.sort(java.util.Comparator.comparing(ChunkId::hex));
            chunks.removeIf(chunk -> random.nextBoolean());
            room.store.removeBlocking(chunks);
        }

        private void failOneCall() {
            boolean wrongLength = random.nextBoolean();
            room.origin.fault((path, range) -> {
                room.origin.noFault();
                return Optional.of(
                        wrongLength
                                ? Future.succeededFuture(Buffer.buffer(new byte[(int) range.length() + 1]))
                                : Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "fault")));
            });
        }

        private void read() {
            CachedFile file = handles.get(random.nextInt(handles.size()));
            int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 1 << 20 : 128 << 10);
            long offset =
                    switch (random.nextInt(4)) {
                        case 0 -> next;
                        case 1 -> Math.max(0, bytes.length - length / 2);
                        case 2 -> Math.max(0, layout.audioStart() - length / 2);
                        default -> random.nextInt(bytes.length + 1);
                    };
            next = offset + length;
            TestingRoom.Reading reading = room.start(file, offset, length);
            waiting.add(reading);
            room.settle();
            check();
        }

        private void answerSome(int calls) {
            for (int i = 0; i < calls; i++) {
                room.origin.answerOne();
                room.settle();
            }
            check();
        }

        /** No read may be on its way when a file is closed or replaced. */
        private void answerAll() {
            room.origin.hold(false);
            room.origin.noFault();
            while (!waiting.isEmpty() || room.origin.heldCalls() > 0) {
                answerSome(1);
            }
        }

        private void check() {
            for (TestingRoom.Reading reading : List.copyOf(waiting)) {
                if (reading.answered()) {
                    check(reading);
                }
            }
        }

        private void check(TestingRoom.Reading reading) {
            int end = (int) Math.min(bytes.length, reading.offset + reading.dst.limit());
            byte[] expected =
                    reading.offset >= end ? new byte[0] : Arrays.copyOfRange(bytes, (int) reading.offset, end);
            try {
                if (reading.goOn()) {
                    waiting.remove(reading);
                    assertThat(reading.bytes()).isEqualTo(expected);
                }
            } catch (MusicFsException e) {
                waiting.remove(reading);
                if (e.kind() == FailureKind.TIMEOUT) {
                    assertThat(reading.deadline.expired()).isTrue();
                } else {
                    assertThat(e).as("only what the origin itself said").hasMessage("fault");
                    assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                }
            }
        }
    }
}
