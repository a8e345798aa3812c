package dev.musicfs.catalog;

import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each mutation is in SQL. */
final class MutationSql {
    private static final String PUT_FILE = upsert("file", Rows.FILE_COLUMNS);
    private static final String PUT_NODE = upsert("node", Rows.NODE_COLUMNS);
    // The path of no file: a directory's name holds no NUL.
    private static final String VACATE_PATH = "UPDATE file SET folder = x'00', name = CAST(id AS BLOB) WHERE id = ?";
    private static final String REMOVE_FILE = "DELETE FROM file WHERE id = ?";
    private static final String REMOVE_NODE = "DELETE FROM node WHERE id = ?";
    private static final String PUT_FOLDER =
            "INSERT INTO folder (origin, parent, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String REMOVE_FOLDER = "DELETE FROM folder WHERE origin = ? AND parent = ? AND name = ?";

    private MutationSql() {}

    /** INSERT, or UPDATE when the id exists: unlike REPLACE it never removes another row that is in the way. */
    private static String upsert(String table, String columns) {
        int count = columns.split(",", -1).length;
        return "INSERT INTO " + table + " (" + columns + ") VALUES (?" + ", ?".repeat(count - 1)
                + ") ON CONFLICT (id) DO UPDATE SET " + SqlStep.excluded(columns);
    }

    /** The statements of a mutation, in order; none for what the catalog takes for granted: every origin has a root. */
    static List<SqlStep> steps(Mutation mutation) {
        if (mutation instanceof Mutation.PutFile put) {
            return step(PUT_FILE, file(put.file()));
        } else if (mutation instanceof Mutation.PutNode put) {
            return step(PUT_NODE, node(put.node()));
        } else if (mutation instanceof Mutation.PutFolder put) {
            return put.path().isRoot()
                    ? List.of()
                    : step(PUT_FOLDER, folder(put.origin().value(), put.path()));
        } else if (mutation instanceof Mutation.VacatePath vacate) {
            return step(VACATE_PATH, Tuple.of(vacate.fileId()));
        } else if (mutation instanceof Mutation.RemoveFile remove) {
            return step(REMOVE_FILE, Tuple.of(remove.fileId()));
        } else if (mutation instanceof Mutation.RemoveNode remove) {
            return step(REMOVE_NODE, Tuple.of(remove.node().value()));
        } else if (mutation instanceof Mutation.RemoveFolder remove) {
            return remove.path().isRoot()
                    ? List.of()
                    : step(REMOVE_FOLDER, folder(remove.origin().value(), remove.path()));
        } else if (mutation instanceof Mutation.OfManifest ofManifest) {
            return ManifestSql.steps(ofManifest);
        } else if (mutation instanceof Mutation.OfCopies ofCopies) {
            return CopySql.steps(ofCopies);
        }
        throw new IllegalArgumentException("no SQL for " + mutation);
    }

    private static List<SqlStep> step(String sql, Tuple parameters) {
        return List.of(new SqlStep(sql, parameters));
    }

    private static Tuple node(NodeRow node) {
        return tuple(
                node.id().value(),
                node.parent().value(),
                StoredNames.requireStorable(node.name()),
                node.isDirectory() ? null : node.fileId(),
                node.sizeBytes(),
                node.mtimeNanos());
    }

    private static Tuple file(FileRow file) {
        TrackTags tags = file.tags();
        Tuple tuple = tuple(
                file.id(),
                file.origin().value(),
                bytes(file.path().parent().value()),
                bytes(file.path().name()),
                file.kind().code());
        return append(
                VersionColumns.add(tuple, file.version()),
                file.fileKey(),
                tags.title(),
                tags.artist(),
                tags.albumArtist(),
                tags.album(),
                tags.genre(),
                tags.composer(),
                tags.year(),
                tags.track(),
                tags.disc(),
                tags.discTotal(),
                tags.compilation() ? 1 : 0,
                tags.format(),
                tags.durationMillis(),
                tags.bitrateKbps(),
                file.wellFormed() ? 1 : 0);
    }

    private static Tuple folder(String origin, RealPath path) {
        return Tuple.of(origin, bytes(path.parent().value()), bytes(path.name()));
    }

    /** An array, not a Buffer: the client makes that a {@code java.sql.Blob}, which the driver does not have. */
    private static byte[] bytes(String text) {
        return RealPath.encode(text);
    }

    private static Tuple tuple(@Nullable Object... values) {
        return append(Tuple.tuple(), values);
    }

    private static Tuple append(Tuple tuple, @Nullable Object... values) {
        for (Object value : values) {
            tuple.addValue(value);
        }
        return tuple;
    }
}
