package dev.musicfs.runtime;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** How every Vert.x of this program is made. */
public final class VertxSetup {
    private VertxSetup() {}

    /** Without native transport, and without the directory for files from the class path, which a killed process leaves. */
    public static VertxOptions options() {
        return new VertxOptions()
                .setPreferNativeTransport(false)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }
}
