package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Rows of the database as records. The column lists and the readers below them go together. */
final class Rows {
    static final String NODE_COLUMNS = "id, parent, name, file_id, size, mtime_ns";

    static final String FILE_COLUMNS = "id, origin, folder, name, kind, " + VersionColumns.NAMES + ", file_key,"
            + " title, artist, album_artist, album, genre, composer, year, track, disc, disc_total, compilation,"
            + " format, duration_ms, bitrate_kbps, well_formed";

    private static final int FIRST_LAYOUT_COLUMN = 2 + VersionColumns.COUNT;
    private static final int NUMBER_COLUMN = FIRST_LAYOUT_COLUMN + LayoutColumns.COUNT;

    static final String LAYOUT_COLUMNS = "file_id, " + VersionColumns.NAMES + ", " + LayoutColumns.NAMES;
    static final String MANIFEST_COLUMNS = LAYOUT_COLUMNS + ", number, chunk";

    private Rows() {}

    static NodeRow node(ResultSet row) throws SQLException {
        return new NodeRow(
                new NodeId(row.getLong(1)),
                new NodeId(row.getLong(2)),
                row.getString(3),
                row.getLong(4), // NULL, a directory, reads as 0
                row.getLong(5),
                row.getLong(6));
    }

    static FileRow file(ResultSet row) throws SQLException {
        return new FileRow(
                row.getLong(1),
                new OriginId(row.getString(2)),
                RealPath.ofBytes(row.getBytes(3)).resolve(RealPath.decode(row.getBytes(4))),
                FileKind.ofCode(row.getInt(5)),
                VersionColumns.read(row, 6),
                row.getLong(9),
                tags(row),
                row.getBoolean(24));
    }

    static LayoutRow layout(ResultSet row) throws SQLException {
        return new LayoutRow(row.getLong(1), VersionColumns.read(row, 2), LayoutColumns.read(row, FIRST_LAYOUT_COLUMN));
    }

    /** All rows of one manifest, one for each block; a single one without a chunk when there are no blocks. */
    static ManifestRow manifest(ResultSet firstRow) throws SQLException {
        long fileId = firstRow.getLong(1);
        FileVersion version = VersionColumns.read(firstRow, 2);
        AudioLayout layout = LayoutColumns.read(firstRow, FIRST_LAYOUT_COLUMN);
        Map<Integer, ChunkId> chunks = new HashMap<>();
        do {
            byte[] chunk = firstRow.getBytes(NUMBER_COLUMN + 1);
            if (chunk != null) {
                chunks.put(firstRow.getInt(NUMBER_COLUMN), ChunkId.ofBytes(chunk));
            }
        } while (firstRow.next());
        return new ManifestRow(fileId, version, layout, chunks);
    }

    private static TrackTags tags(ResultSet row) throws SQLException {
        return new TrackTags(
                row.getString(10),
                row.getString(11),
                row.getString(12),
                row.getString(13),
                row.getString(14),
                row.getString(15),
                row.getInt(16),
                row.getInt(17),
                row.getInt(18),
                row.getInt(19),
                row.getBoolean(20),
                row.getString(21),
                row.getLong(22),
                row.getInt(23));
    }
}
