package dev.musicfs.origin.mounted;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginType;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginBackend;

/** Shares that are mounted over SMB: {@code type = "smb"}. */
public final class SmbBackend implements OriginBackend {
    private static final OriginType TYPE = new ShareType("smb");

    /** For the service loader. */
    public SmbBackend() {}

    @Override
    public OriginType type() {
        return TYPE;
    }

    @Override
    public Origin create(OriginConfig config, BackendContext context) {
        return MountedOrigin.of(config, context);
    }
}
