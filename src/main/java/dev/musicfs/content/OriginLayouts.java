package dev.musicfs.content;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.tags.FetchedRanges;
import dev.musicfs.tags.LayoutReader;
import dev.musicfs.tags.LayoutStep;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Reads the layout of a file from its origin, range by range as {@link LayoutReader} asks for them. */
public final class OriginLayouts implements LayoutSource {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Keeps nothing between files. */
    public OriginLayouts() {}

    @Override
    public Future<AudioLayout> layout(Origin origin, RealPath path, FileVersion version, String extension) {
        return step(origin, path, version, extension, new FetchedRanges(version.sizeBytes()));
    }

    /** The reader bounds how often it asks, and so this recursion. */
    private static Future<AudioLayout> step(
            Origin origin, RealPath path, FileVersion version, String extension, FetchedRanges known) {
        LayoutStep step;
        try {
            step = LayoutReader.step(known, extension);
        } catch (MusicFsException e) {
            return Future.failedFuture(e);
        }
        if (step instanceof LayoutStep.Done done) {
            return Future.succeededFuture(done.layout());
        }
        LayoutStep.Needs needs = (LayoutStep.Needs) step;
        return origin.read(path, version, needs.range(), Deadline.in(PATIENCE)).compose(bytes -> {
            try {
                known.add(needs.range().offset(), ByteBuffer.wrap(bytes.getBytes()));
            } catch (MusicFsException e) {
                return Future.failedFuture(e);
            }
            return step(origin, path, version, extension, known);
        });
    }
}
