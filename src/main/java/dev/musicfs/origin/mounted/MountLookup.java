package dev.musicfs.origin.mounted;

import dev.musicfs.origin.disk.InodeAttributes;
import dev.musicfs.posix.MountTable;
import java.io.IOException;
import java.nio.file.Path;

/** What this machine says of a path, by which a mounted share differs from the bare directory below it. */
interface MountLookup {
    /** {@code st_dev} of what is there; may hang. */
    long deviceBlocking(Path path) throws IOException;

    /** The same path without links; may hang. */
    Path realBlocking(Path path) throws IOException;

    /** What is mounted. */
    MountTable mounts();

    /** This machine's. */
    MountLookup KERNEL = new MountLookup() {
        @Override
        public long deviceBlocking(Path path) throws IOException {
            return InodeAttributes.of(path).identity().device();
        }

        @Override
        public Path realBlocking(Path path) throws IOException {
            return path.toRealPath();
        }

        @Override
        public MountTable mounts() {
            return MountTable.read();
        }
    };
}
