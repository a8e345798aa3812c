package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.device.FuseReply;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.ReplyBody.OpenOut;
import dev.musicfs.fuse.protocol.RequestBody.SetattrIn;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Namespace;
import dev.musicfs.vfs.VirtualFileSystem;

/** Everything that would change something: refused with EROFS, but for our own announcements, which it makes visible. */
final class Changes {
    private static final int ANNOUNCED =
            SetattrIn.FATTR_SIZE | SetattrIn.FATTR_ATIME | SetattrIn.FATTR_MTIME | SetattrIn.FATTR_FH;

    private final VirtualFileSystem vfs;
    private final Namespace namespace;
    private final NodeTable nodes;
    private final NodeViews views;
    private final ListingPlaces places;
    private final Announcements announcements;

    Changes(
            VirtualFileSystem vfs,
            NodeTable nodes,
            NodeViews views,
            ListingPlaces places,
            Announcements announcements) {
        this.vfs = vfs;
        this.namespace = vfs.namespace();
        this.nodes = nodes;
        this.views = views;
        this.places = places;
        this.announcements = announcements;
    }

    /** Opens for writing, which only an announcement may do; the handle is the negated number of the node. */
    void openForWriting(FuseRequest request, FuseReply reply) {
        if (announcements.of(request.pid()) == null) {
            refuse(reply);
            return;
        }
        NodeRow node = vfs.node(NodeViews.idOf(request));
        vfs.forgetPages(node);
        boolean unused = reply.body(new OpenOut(-node.id().value(), 0));
    }

    /** MKNOD and MKDIR. */
    void create(FuseRequest request, FuseReply reply) {
        if (announcements.of(request.pid()) == null) {
            refuse(reply);
            return;
        }
        NodeId parent = NodeViews.idOf(request);
        String name = nameOf(request.name());
        nodes.asked(parent);
        boolean published = namespace.publishCreated(parent, name);
        Failpoints.hit(Failpoint.FUSE_ANNOUNCE_BEFORE_REPLY);
        if (published) {
            views.answer(reply, entry(parent, name));
        } else {
            refuse(reply);
        }
    }

    /** UNLINK and RMDIR. */
    void remove(FuseRequest request, FuseReply reply) {
        if (announcements.of(request.pid()) == null) {
            refuse(reply);
            return;
        }
        NodeId parent = NodeViews.idOf(request);
        String name = nameOf(request.name());
        namespace.lookup(parent, name).ifPresent(places::leaving);
        answer(reply, namespace.publishRemoved(parent, name));
    }

    /** RENAME and RENAME2. */
    void move(FuseRequest request, FuseReply reply) {
        if (announcements.of(request.pid()) == null) {
            refuse(reply);
            return;
        }
        NodeId from = NodeViews.idOf(request);
        String fromName = nameOf(request.name());
        NodeId to = NodeViews.id(request.renameIn().newdir());
        String toName = nameOf(request.secondName());
        namespace.lookup(from, fromName).ifPresent(places::leaving);
        answer(reply, namespace.publishMoved(from, fromName, to, toName));
    }

    /** SETATTR. */
    void change(FuseRequest request, FuseReply reply) {
        Announcements.Announcement announcement = announcements.of(request.pid());
        if (announcement == null || (request.setattrIn().valid() & ANNOUNCED) == 0) {
            refuse(reply);
            return;
        }
        NodeRow node = vfs.node(NodeViews.idOf(request));
        boolean published = announcement.publishChanged(namespace, node);
        vfs.forgetPages(node);
        Failpoints.hit(Failpoint.FUSE_ANNOUNCE_BEFORE_REPLY);
        if (published) {
            boolean unused = reply.body(views.attributes(vfs.node(node.id())));
        } else {
            refuse(reply);
        }
    }

    static void refuse(FuseReply reply) {
        boolean unused = reply.error(Errno.EROFS);
    }

    private static void answer(FuseReply reply, boolean published) {
        Failpoints.hit(Failpoint.FUSE_ANNOUNCE_BEFORE_REPLY);
        boolean unused = published ? reply.ok() : reply.error(Errno.EROFS);
    }

    private NodeRow entry(NodeId parent, String name) {
        return namespace
                .lookup(parent, name)
                .orElseThrow(() -> new MusicFsException(FailureKind.NOT_FOUND, name + " is gone already."));
    }

    private static String nameOf(byte[] name) {
        String text = NodeViews.textOf(name);
        if (text == null) {
            throw new MusicFsException(FailureKind.NOT_FOUND, "A name that is not UTF-8 was asked for.");
        }
        return text;
    }
}
