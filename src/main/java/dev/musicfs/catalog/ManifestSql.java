package dev.musicfs.catalog;

import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The SQL of layouts, manifests and pins. Every INSERT selects from the table its row hangs on, so that it does nothing
 * when that row is gone.
 */
final class ManifestSql {
    private static final String OF_FILE = " FROM file WHERE id = ?";
    private static final String PUT_LAYOUT = "INSERT INTO layout (file_id, " + VersionColumns.NAMES + ", "
            + LayoutColumns.NAMES + ") SELECT id" + ", ?".repeat(VersionColumns.COUNT + LayoutColumns.COUNT) + OF_FILE
            + " ON CONFLICT (file_id) DO UPDATE SET "
            + SqlStep.excluded(VersionColumns.NAMES + ", " + LayoutColumns.NAMES);
    private static final String REMOVE_MANIFEST = "DELETE FROM manifest WHERE file_id = ?";
    private static final String PUT_MANIFEST = "INSERT INTO manifest (file_id, " + VersionColumns.NAMES + ", "
            + LayoutColumns.NAMES + ") SELECT id" + ", ?".repeat(VersionColumns.COUNT + LayoutColumns.COUNT) + OF_FILE;
    private static final String PUT_BLOCK = "INSERT INTO block (number, chunk, file_id)"
            + " SELECT ?, ?, file_id FROM manifest WHERE file_id = ? AND " + VersionColumns.ARE
            + " ON CONFLICT (file_id, number) DO UPDATE SET chunk = excluded.chunk";
    private static final String RENAME =
            " SET size = ?, mtime_ns = ?, version_tag = ? WHERE file_id = ? AND " + VersionColumns.ARE;
    private static final String RENAME_LAYOUT = "UPDATE layout" + RENAME;
    private static final String RENAME_MANIFEST = "UPDATE manifest" + RENAME;
    private static final String PIN = "INSERT INTO pin (file_id) SELECT id" + OF_FILE + " ON CONFLICT DO NOTHING";
    private static final String UNPIN = "DELETE FROM pin WHERE file_id = ?";

    private ManifestSql() {}

    static List<SqlStep> steps(Mutation.OfManifest mutation) {
        if (mutation instanceof Mutation.PutLayout put) {
            Tuple values = LayoutColumns.add(VersionColumns.add(Tuple.tuple(), put.version()), put.layout());
            return List.of(new SqlStep(PUT_LAYOUT, values.addValue(put.fileId())));
        } else if (mutation instanceof Mutation.BeginManifest begin) {
            return begin(begin);
        } else if (mutation instanceof Mutation.PutBlocks put) {
            return blocks(put.fileId(), put.version(), put.chunks());
        } else if (mutation instanceof Mutation.RemoveManifest remove) {
            return List.of(new SqlStep(REMOVE_MANIFEST, Tuple.of(remove.fileId())));
        } else if (mutation instanceof Mutation.RenameVersion rename) {
            return List.of(new SqlStep(RENAME_LAYOUT, renamed(rename)), new SqlStep(RENAME_MANIFEST, renamed(rename)));
        } else if (mutation instanceof Mutation.Pin pin) {
            return List.of(new SqlStep(PIN, Tuple.of(pin.fileId())));
        } else if (mutation instanceof Mutation.Unpin unpin) {
            return List.of(new SqlStep(UNPIN, Tuple.of(unpin.fileId())));
        }
        throw new IllegalArgumentException("no SQL for " + mutation);
    }

    private static Tuple renamed(Mutation.RenameVersion rename) {
        return VersionColumns.add(
                VersionColumns.add(Tuple.tuple(), rename.to()).addValue(rename.fileId()), rename.from());
    }

    private static List<SqlStep> begin(Mutation.BeginManifest begin) {
        List<SqlStep> steps = new ArrayList<>(begin.chunks().size() + 2);
        steps.add(new SqlStep(REMOVE_MANIFEST, Tuple.of(begin.fileId())));
        Tuple values = LayoutColumns.add(VersionColumns.add(Tuple.tuple(), begin.version()), begin.layout());
        steps.add(new SqlStep(PUT_MANIFEST, values.addValue(begin.fileId())));
        steps.addAll(blocks(begin.fileId(), begin.version(), begin.chunks()));
        return steps;
    }

    private static List<SqlStep> blocks(long fileId, FileVersion version, Map<Integer, ChunkId> chunks) {
        List<SqlStep> steps = new ArrayList<>(chunks.size());
        chunks.forEach((number, chunk) -> {
            Tuple key = Tuple.of(number, chunk.toBytes(), fileId);
            steps.add(new SqlStep(PUT_BLOCK, VersionColumns.add(key, version)));
        });
        return steps;
    }
}
