package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.formats.TagReader;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTagSourceTest {
    private static final RealPath PATH = new RealPath("a.aac");
    private static final AudioLayout LAYOUT = AudioLayout.unknown(8);

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private final WorkerExecutor workers = ExecutorPools.workers(vertx, "tags", "Origin tags", 1, 1_000);
    private FileVersion version;

    @BeforeEach
    void writeABareStream() throws Exception {
        Files.write(directory.resolve("a.aac"), new byte[] {(byte) 0xFF, (byte) 0xF1, 0, 0, 0, 0, 0, 0});
        version = new FileVersion(8, 1, "");
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @Test
    void readsTheLayoutOfTheFileWhereItIsWanted() throws Exception {
        ReadFile read = get(source(Optional.of((file, extension) -> {
                    assertThat(file).isEqualTo(directory.resolve("a.aac"));
                    assertThat(extension).isEqualTo("aac");
                    return LAYOUT;
                }))
                .read(PATH, version));
        assertThat(read.layout()).contains(LAYOUT);
        assertThat(get(source(Optional.empty()).read(PATH, version)))
                .isEqualTo(new ReadFile(read.tags(), Optional.empty()));
    }

    @Test
    void aFileWhoseLayoutCannotBeReadHasItsTagsAndNoLayout() throws Exception {
        for (RuntimeException failure : new RuntimeException[] {
            new MusicFsException(FailureKind.CORRUPT, "no frames"), new IndexOutOfBoundsException("a defect")
        }) {
            ReadFile read = get(source(Optional.of((file, extension) -> {
                        throw failure;
                    }))
                    .read(PATH, version));
            assertThat(read.layout()).isEmpty();
            assertThat(read.tags().format()).isEqualTo("aac");
        }
    }

    @Test
    void aDamagedFileFailsAndItsLayoutIsNotAskedFor() throws Exception {
        Files.writeString(directory.resolve("a.aac"), "nonsense");
        boolean[] asked = new boolean[1];
        LocalTagSource source = source(Optional.of((file, extension) -> {
            asked[0] = true;
            return LAYOUT;
        }));
        assertThatThrownBy(() -> get(source.read(PATH, version)))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        assertThat(asked[0]).isFalse();
    }

    private LocalTagSource source(Optional<LocalTagSource.Layouts> layouts) {
        return new LocalTagSource(path -> directory.resolve(path.value()), new TagReader(), layouts, workers);
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }
}
