package dev.musicfs.tree;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;

/** Files for tests. */
public final class Tracks {
    public static final OriginId DISK = new OriginId("disk");

    private Tracks() {}

    public static TrackTags tags(String artist, String album, int track, String title) {
        return new TrackTags(title, artist, "", album, "", "", 0, track, 0, 0, false, "flac", 1000, 900);
    }

    public static FileRow track(long id, String path, TrackTags tags) {
        return new FileRow(id, DISK, new RealPath(path), FileKind.AUDIO, new FileVersion(100, 7, ""), 0, tags, true);
    }

    public static FileRow damaged(long id, String path) {
        FileRow row = track(id, path, TrackTags.unknown("flac"));
        return new FileRow(id, DISK, row.path(), row.kind(), row.version(), 0, row.tags(), false);
    }

    public static FileRow cover(long id, String path) {
        return new FileRow(
                id,
                DISK,
                new RealPath(path),
                FileKind.COVER,
                new FileVersion(50, 5, ""),
                0,
                TrackTags.unknown("jpg"),
                true);
    }

    public static FileRow retagged(FileRow file, TrackTags tags) {
        return new FileRow(
                file.id(), file.origin(), file.path(), file.kind(), new FileVersion(200, 9, ""), 0, tags, true);
    }
}
