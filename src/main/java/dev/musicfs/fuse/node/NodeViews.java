package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.device.FuseReply;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.ReplyBody.Attr;
import dev.musicfs.fuse.protocol.ReplyBody.AttrOut;
import dev.musicfs.fuse.protocol.ReplyBody.EntryOut;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Attributes;
import dev.musicfs.vfs.VirtualFileSystem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nodes as the kernel is shown them, and who may do what with them. For any thread that may ask the catalog. */
final class NodeViews {
    private static final int S_IFDIR = 0040000;
    private static final int S_IFREG = 0100000;

    private final VirtualFileSystem vfs;
    private final NodeTable nodes;
    private final Announcements announcements;
    private final Duration attributesValid;
    private final Duration namesValid;

    /** @param kernelCache how long the kernel may keep names and attributes */
    NodeViews(VirtualFileSystem vfs, NodeTable nodes, Announcements announcements, Duration kernelCache) {
        this.vfs = vfs;
        this.nodes = nodes;
        this.announcements = announcements;
        this.attributesValid = kernelCache;
        // Where not everybody may find everything, the kernel has to ask each time somebody walks along a path.
        this.namesValid = vfs.everybodyLists() ? kernelCache : Duration.ZERO;
    }

    /** Whether the kernel may keep names, so that it is of use to tell it more than it asked for. */
    boolean namesAreKept() {
        return !namesValid.isZero();
    }

    /** The node that a request is about. */
    static NodeId idOf(FuseRequest request) {
        return id(request.nodeid());
    }

    static NodeId id(long nodeid) {
        if (nodeid < 1) {
            throw new MusicFsException(FailureKind.INVALID, nodeid + " is no node.");
        }
        return new NodeId(nodeid);
    }

    /** A name; null when it is not UTF-8, as all names in the tree are. */
    static @Nullable String textOf(byte[] name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Whether somebody may do this with a node, of {@link Attributes#READ} and {@link Attributes#EXECUTE}. */
    boolean permits(FuseRequest request, NodeRow node, int wanted) {
        Attributes attributes = vfs.attributes(node);
        return attributes.permitsEverybody(wanted)
                || attributes.permits(Asker.of(request), wanted)
                || announcements.of(request.pid()) != null;
    }

    /** Whether somebody may find entries of a directory. */
    boolean maySearch(FuseRequest request, NodeId directory) {
        return vfs.everybodyLists() || permits(request, vfs.node(directory), Attributes.EXECUTE);
    }

    /** Answers with an entry, which counts as a lookup of it. */
    void answer(FuseReply reply, NodeRow entry) {
        if (!entry.isDirectory()) {
            boolean unused = reply.body(entry(entry));
            return;
        }
        NodeRow told = tell(entry);
        if (!reply.body(entry(told))) {
            nodes.forgotten(told.id().value(), 1);
        }
    }

    /** Notes that the kernel is about to be told of a directory; gives it as it is from then on. */
    NodeRow tell(NodeRow directory) {
        boolean before = nodes.knows(directory.id());
        nodes.told(directory.id());
        // Of a change that nobody had to hear of so far, the kernel would not hear.
        Optional<NodeRow> now = before ? Optional.empty() : vfs.namespace().node(directory.id());
        return now.orElse(directory);
    }

    EntryOut entry(NodeRow row) {
        return new EntryOut(row.id().value(), NodeTable.GENERATION, namesValid, attributesValid, attr(row));
    }

    EntryOut absent() {
        return EntryOut.absent(namesValid);
    }

    AttrOut attributes(NodeRow row) {
        return new AttrOut(attributesValid, attr(row));
    }

    private Attr attr(NodeRow row) {
        Attributes attributes = vfs.attributes(row);
        int type = attributes.directory() ? S_IFDIR : S_IFREG;
        return new Attr(
                attributes.inode(),
                attributes.sizeBytes(),
                attributes.blocks(),
                attributes.mtimeNanos(),
                type | attributes.permissions(),
                Attributes.LINKS,
                attributes.uid(),
                attributes.gid(),
                Attributes.BLOCK_SIZE_BYTES);
    }
}
