package dev.musicfs.fuse.node;

import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.posix.ProcessGroups;
import dev.musicfs.vfs.Attributes;

/** Who makes a request. Supplementary groups are looked up only where they make a difference. */
record Asker(int uid, int gid, int thread) implements Attributes.Subject {
    static Asker of(FuseRequest request) {
        return new Asker(request.uid(), request.gid(), request.pid());
    }

    @Override
    public boolean isMember(int group) {
        return group == gid || ProcessGroups.containsBlocking(thread, group);
    }
}
