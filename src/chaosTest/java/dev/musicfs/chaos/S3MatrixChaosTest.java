package dev.musicfs.chaos;

/** {@link MountMatrix} over S3. */
class S3MatrixChaosTest extends MountMatrix {
    S3MatrixChaosTest() {
        super(Protocol.S3);
    }
}
