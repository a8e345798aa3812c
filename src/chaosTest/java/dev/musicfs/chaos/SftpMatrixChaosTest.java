package dev.musicfs.chaos;

/** {@link MountMatrix} over SFTP. */
class SftpMatrixChaosTest extends MountMatrix {
    SftpMatrixChaosTest() {
        super(Protocol.SFTP);
    }
}
