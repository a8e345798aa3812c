package dev.musicfs.chaos;

/** {@link MountMatrix} over WebDAV. */
class HttpMatrixChaosTest extends MountMatrix {
    HttpMatrixChaosTest() {
        super(Protocol.HTTP);
    }
}
