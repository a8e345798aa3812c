package dev.musicfs.content.plan;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.formats.FetchedRanges;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.formats.LayoutStep;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.nio.ByteBuffer;

/** Reads the layout of a file from its copies, range by range as {@link LayoutReader} asks for them. */
public final class OriginLayouts implements LayoutSource {
    /** Keeps nothing between files. */
    public OriginLayouts() {}

    @Override
    public Future<AudioLayout> layout(FileSource source, String extension, Deadline deadline) {
        return step(
                source, extension, deadline, new FetchedRanges(source.version().sizeBytes()));
    }

    /** The reader bounds how often it asks, and so this recursion. */
    private static Future<AudioLayout> step(
            FileSource source, String extension, Deadline deadline, FetchedRanges known) {
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
        return source.read(needs.range(), deadline).compose(fetched -> {
            try {
                known.add(
                        needs.range().offset(), ByteBuffer.wrap(fetched.bytes().getBytes()));
            } catch (MusicFsException e) {
                return Future.failedFuture(e);
            }
            return step(source, extension, deadline, known);
        });
    }
}
