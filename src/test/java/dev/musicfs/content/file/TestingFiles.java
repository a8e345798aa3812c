package dev.musicfs.content.file;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Real files by catalog number, opened at the version they have when they are added. */
public final class TestingFiles implements FileOpener {
    public final AtomicInteger staleReports = new AtomicInteger();
    private final Map<Long, Path> paths = new ConcurrentHashMap<>();
    private final Map<Long, FileVersion> versions = new ConcurrentHashMap<>();

    public FileVersion add(long fileId, Path path) {
        FileVersion version = versionOf(path);
        paths.put(fileId, path);
        versions.put(fileId, version);
        return version;
    }

    public static FileVersion versionOf(Path path) {
        try {
            return new FileVersion(
                    Files.size(path), Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public OpenFile openBlocking(long fileId) {
        return DirectFile.openBlocking(
                at -> paths.get(fileId),
                new RealPath("a.flac"),
                versions.get(fileId),
                staleReports::incrementAndGet,
                null);
    }

    @Override
    public Future<OpenFile> open(long fileId, Deadline deadline) {
        try {
            return Future.succeededFuture(openBlocking(fileId));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
