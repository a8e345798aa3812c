package dev.musicfs.catalog;

import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What each mutation is in SQL. */
final class MutationSql {
    private static final String PUT_FILE = upsert("file", Rows.FILE_COLUMNS);
    private static final String PUT_NODE = upsert("node", Rows.NODE_COLUMNS);
    private static final String REMOVE_FILE = "DELETE FROM file WHERE id = ?";
    private static final String REMOVE_NODE = "DELETE FROM node WHERE id = ?";
    private static final String PUT_FOLDER =
            "INSERT INTO folder (origin, parent, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String REMOVE_FOLDER = "DELETE FROM folder WHERE origin = ? AND parent = ? AND name = ?";

    private MutationSql() {}

    /** INSERT, or UPDATE when the id exists: unlike REPLACE it never removes another row that is in the way. */
    private static String upsert(String table, String columns) {
        String[] names = columns.split(", ?", -1);
        String marks = "?, ".repeat(names.length - 1) + "?";
        String changes = Arrays.stream(names)
                .filter(name -> !name.equals("id"))
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ") ON CONFLICT (id) DO UPDATE SET "
                + changes;
    }

    /** The statement of a mutation, the same object for all of one kind. */
    static String statement(Mutation mutation) {
        if (mutation instanceof Mutation.PutFile) {
            return PUT_FILE;
        } else if (mutation instanceof Mutation.PutNode) {
            return PUT_NODE;
        } else if (mutation instanceof Mutation.PutFolder) {
            return PUT_FOLDER;
        } else if (mutation instanceof Mutation.RemoveFile) {
            return REMOVE_FILE;
        } else if (mutation instanceof Mutation.RemoveNode) {
            return REMOVE_NODE;
        } else {
            return REMOVE_FOLDER;
        }
    }

    /** The parameters of a mutation's statement. */
    static Tuple parameters(Mutation mutation) {
        if (mutation instanceof Mutation.PutFile put) {
            return file(put.file());
        } else if (mutation instanceof Mutation.PutNode put) {
            return node(put.node());
        } else if (mutation instanceof Mutation.PutFolder put) {
            return folder(put.origin().value(), put.path());
        } else if (mutation instanceof Mutation.RemoveFile remove) {
            return Tuple.of(remove.fileId());
        } else if (mutation instanceof Mutation.RemoveNode remove) {
            return Tuple.of(remove.node().value());
        } else if (mutation instanceof Mutation.RemoveFolder remove) {
            return folder(remove.origin().value(), remove.path());
        }
        throw new IllegalArgumentException("no SQL for " + mutation);
    }

    /** Whether the mutation says something the catalog takes for granted: every origin has a root. */
    static boolean isImplied(Mutation mutation) {
        return (mutation instanceof Mutation.PutFolder put && put.path().isRoot())
                || (mutation instanceof Mutation.RemoveFolder remove
                        && remove.path().isRoot());
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
        return tuple(
                file.id(),
                file.origin().value(),
                bytes(file.path().parent().value()),
                bytes(file.path().name()),
                file.kind().code(),
                file.version().sizeBytes(),
                file.version().mtimeNanos(),
                file.version().tag(),
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
        Tuple tuple = Tuple.tuple();
        for (Object value : values) {
            tuple.addValue(value);
        }
        return tuple;
    }
}
