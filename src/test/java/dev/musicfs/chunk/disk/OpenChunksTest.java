package dev.musicfs.chunk.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenChunksTest {
    @TempDir
    Path directory;

    @Test
    @Resilience("2.9")
    void aFileThatCannotBeOpenedIsNotTakenForAnOpenOne() throws Exception {
        try (TestingFiles disk = new TestingFiles(directory);
                OpenChunks open = new OpenChunks(4)) {
            ChunkId chunk = disk.write(TestingFiles.bytes(900));
            for (Throwable failure :
                    List.of(new IOException("the disk"), new IllegalStateException(), new StackOverflowError())) {
                assertThatThrownBy(() -> open.acquire(chunk, same -> {
                            throw OpenChunksTest.<IOException>thrown(failure);
                        }))
                        .isSameAs(failure);
                assertThat(open.size()).isZero();
            }
            Path file = disk.layout.file(chunk);
            OpenChunk opened = CompletableFuture.supplyAsync(() -> acquired(open, chunk, file))
                    .get(20, TimeUnit.SECONDS);
            assertThat(open.size()).isOne();
            open.release(opened);
            assertThat(open.relieve()).as("nobody reads it").isTrue();
        }
    }

    private static OpenChunk acquired(OpenChunks open, ChunkId chunk, Path file) {
        try {
            return open.acquire(
                    chunk, same -> OpenChunk.of(FileChannel.open(file), chunk, ByteBuffer.allocate(1 << 20)));
        } catch (IOException | DamagedChunkException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T thrown(Throwable failure) throws T {
        throw (T) failure;
    }
}
