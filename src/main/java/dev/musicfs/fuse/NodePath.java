package dev.musicfs.fuse;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Namespace;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds the nodes of paths as libfuse gives them: absolute, UTF-8, without empty or dot names. */
final class NodePath {
    private final Namespace namespace;
    private final KnownDirectories known;

    NodePath(Namespace namespace, KnownDirectories known) {
        this.namespace = namespace;
        this.known = known;
    }

    /** The node at a path; {@code NOT_FOUND} without one. */
    NodeRow require(long cPath) {
        String path = decode(cPath);
        return resolve(path, path.length())
                .orElseThrow(() -> new MusicFsException(FailureKind.NOT_FOUND, path + " does not exist."));
    }

    /** Where an entry is or is to be: its directory exists, the entry itself need not. */
    Place place(long cPath) {
        String path = decode(cPath);
        int slash = path.lastIndexOf('/');
        NodeRow parent = resolve(path, slash)
                .orElseThrow(() ->
                        new MusicFsException(FailureKind.NOT_FOUND, path.substring(0, slash + 1) + " does not exist."));
        return new Place(parent.id(), path.substring(slash + 1));
    }

    private Optional<NodeRow> resolve(String path, int end) {
        Optional<NodeRow> at = namespace.node(NodeId.ROOT);
        int from = 1;
        while (from < end && at.isPresent()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 || slash > end ? end : slash;
            NodeId directory = at.get().id();
            known.add(directory);
            at = namespace.lookup(directory, path.substring(from, to));
            from = to + 1;
        }
        if (at.isPresent() && at.get().isDirectory()) {
            known.add(at.get().id());
        }
        return at;
    }

    /** Names in the tree are UTF-8, so that nothing else can exist. */
    private static String decode(long cPath) {
        byte[] bytes = NativeMemory.IO.getZeroTerminatedByteArray(cPath);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "A name that is not UTF-8 was asked for.", e);
        }
    }

    /** A name in a directory. */
    record Place(NodeId parent, String name) {}
}
