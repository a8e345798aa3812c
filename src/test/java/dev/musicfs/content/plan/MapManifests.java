package dev.musicfs.content.plan;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Manifests in a map; every write is noted, and all can fail or hang. */
public final class MapManifests implements Manifests {
    public final Map<Long, Manifest> manifests = new HashMap<>();
    public final Map<FileVersion, AudioLayout> layouts = new HashMap<>();
    public final Map<Long, Manifest> completed = new HashMap<>();
    public final List<String> writes = new ArrayList<>();
    public boolean failing;
    public boolean hanging;

    private <T> Future<T> answer(Supplier<T> value) {
        if (failing) {
            return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "no catalog"));
        }
        return hanging ? Promise.<T>promise().future() : Future.succeededFuture(value.get());
    }

    private Future<Void> write(String what, Runnable change) {
        return answer(() -> {
            writes.add(what);
            change.run();
            return null;
        });
    }

    @Override
    public Future<Optional<Manifest>> load(long fileId) {
        return answer(() -> Optional.ofNullable(manifests.get(fileId)));
    }

    @Override
    public Future<Optional<AudioLayout>> layout(long fileId, FileVersion version) {
        return answer(() -> Optional.ofNullable(layouts.get(version)));
    }

    @Override
    public Future<Void> putLayout(long fileId, FileVersion version, AudioLayout layout) {
        return write("layout", () -> layouts.put(version, layout));
    }

    @Override
    public Future<Void> begin(long fileId, Manifest manifest) {
        return write("begin " + manifest.chunks().size(), () -> manifests.put(fileId, manifest));
    }

    @Override
    public Future<Void> add(long fileId, FileVersion version, Map<Integer, ChunkId> chunks) {
        return write(
                "add " + chunks.size(),
                () -> manifests.computeIfPresent(fileId, (id, now) -> {
                    if (!now.version().equals(version)) {
                        return now;
                    }
                    Map<Integer, ChunkId> all = new HashMap<>(now.chunks());
                    all.putAll(chunks);
                    return new Manifest(version, now.layout(), all);
                }));
    }

    @Override
    public Future<Void> completed(long fileId, Manifest manifest) {
        return answer(() -> {
            completed.put(fileId, manifest);
            return null;
        });
    }

    @Override
    public Future<Void> forget(long fileId) {
        return write("forget", () -> manifests.remove(fileId));
    }
}
