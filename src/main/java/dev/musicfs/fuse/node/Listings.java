package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.device.FuseReply;
import dev.musicfs.fuse.device.ReplyBuffer;
import dev.musicfs.fuse.device.ReplyBuffers;
import dev.musicfs.fuse.protocol.Dirents;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.ReplyBody.EntryOut;
import dev.musicfs.fuse.protocol.RequestBody.ReadIn;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.VirtualFileSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** READDIR and READDIRPLUS: as much of a directory as fits a reply. For any thread that may ask the catalog. */
final class Listings {
    private static final int MOST_ROWS = 1000;
    /** What an entry with a name of some 30 bytes takes. */
    private static final int ENTRY_BYTES = 56;

    private static final int PLUS_BYTES = 128;
    private static final EntryOut NOT_TOLD = EntryOut.absent(Duration.ZERO);

    private final VirtualFileSystem vfs;
    private final NodeTable nodes;
    private final NodeViews views;
    private final ListingPlaces places;

    Listings(VirtualFileSystem vfs, NodeTable nodes, NodeViews views, ListingPlaces places) {
        this.vfs = vfs;
        this.nodes = nodes;
        this.views = views;
        this.places = places;
    }

    /** @param plus whether entries come with their attributes */
    void read(FuseRequest request, FuseReply reply, boolean plus) {
        NodeId directory = NodeViews.idOf(request);
        ReadIn in = request.readIn();
        nodes.asked(directory);
        NodeRow row = vfs.node(directory);
        if (!row.isDirectory()) {
            boolean unused = reply.error(Errno.ENOTDIR);
            return;
        }
        String after = places.nameAt(directory, in.offset(), vfs.namespace()::node);
        int size = Math.min(in.sizeBytes(), ReplyBuffers.MAX_CONTENT_BYTES);
        Page page = new Page(reply.buffer(size), plus);
        boolean whole = false;
        try {
            page.fill(row, in.offset(), after, size);
            whole = true;
        } finally {
            if (!whole) {
                page.drop();
            }
        }
        page.send(reply);
    }

    /** One reply in the making. */
    private final class Page {
        private final ReplyBuffer buffer;
        private final boolean plus;
        private final Dirents entries;
        private final List<NodeId> told = new ArrayList<>();

        Page(ReplyBuffer buffer, boolean plus) {
            this.buffer = buffer;
            this.plus = plus;
            this.entries = new Dirents(buffer.content());
        }

        void fill(NodeRow directory, long offset, String after, int size) {
            boolean room = offset >= ListingPlaces.DOT || addDots(directory.id().value(), ListingPlaces.DOT, ".");
            room = room
                    && (offset >= ListingPlaces.DOT_DOT
                            || addDots(directory.parent().value(), ListingPlaces.DOT_DOT, ".."));
            int each = plus ? ENTRY_BYTES + PLUS_BYTES : ENTRY_BYTES;
            int limit = Math.max(2, Math.min(MOST_ROWS, size / each + 1));
            NodeRow last = null;
            boolean more = true;
            while (room && more) {
                List<NodeRow> rows = vfs.children(directory.id(), last == null ? after : last.name(), limit);
                more = rows.size() == limit;
                for (int i = 0; i < rows.size() && room; i++) {
                    room = add(rows.get(i));
                    last = room ? rows.get(i) : last;
                }
            }
            if (last != null) {
                places.ended(last);
            }
        }

        private boolean addDots(long inode, long cookie, String name) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            return plus
                    ? entries.addPlus(NOT_TOLD, inode, cookie, Dirents.DT_DIR, bytes)
                    : entries.add(inode, cookie, Dirents.DT_DIR, bytes);
        }

        private boolean add(NodeRow row) {
            byte[] name = row.name().getBytes(StandardCharsets.UTF_8);
            long inode = row.id().value();
            long cookie = places.cookie(row);
            int type = row.isDirectory() ? Dirents.DT_DIR : Dirents.DT_REG;
            if (!plus) {
                return entries.add(inode, cookie, type, name);
            }
            if (!views.namesAreKept()) {
                return entries.addPlus(NOT_TOLD, inode, cookie, type, name);
            }
            if (!row.isDirectory()) {
                return entries.addPlus(views.entry(row), inode, cookie, type, name);
            }
            NodeRow now = views.tell(row);
            int before = entries.count();
            boolean added = entries.addPlus(views.entry(now), inode, cookie, type, name);
            if (entries.count() > before) {
                told.add(row.id());
            } else {
                nodes.forgotten(inode, 1);
            }
            return added;
        }

        void send(FuseReply reply) {
            if (!reply.data(buffer)) {
                forget();
            }
        }

        void drop() {
            buffer.close();
            forget();
        }

        private void forget() {
            told.forEach(each -> nodes.forgotten(each.value(), 1));
        }
    }
}
