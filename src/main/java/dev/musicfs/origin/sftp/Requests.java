package dev.musicfs.origin.sftp;

import dev.musicfs.origin.sftp.SftpChannel.Request;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.common.SftpConstants;

/** The requests of SFTP version 3 that are used; paths hold one character for each byte. */
final class Requests {
    private Requests() {}

    static Request stat(String path) {
        return new Request(SftpConstants.SSH_FXP_STAT, name(path));
    }

    /** Of a link itself. */
    static Request lstat(String path) {
        return new Request(SftpConstants.SSH_FXP_LSTAT, name(path));
    }

    static Request realPath(String path) {
        return new Request(SftpConstants.SSH_FXP_REALPATH, name(path));
    }

    static Request readLink(String path) {
        return new Request(SftpConstants.SSH_FXP_READLINK, name(path));
    }

    static Request openDirectory(String path) {
        return new Request(SftpConstants.SSH_FXP_OPENDIR, name(path));
    }

    /** Opens for reading. */
    static Request open(String path) {
        Buffer body = name(path);
        body.putUInt(SftpConstants.SSH_FXF_READ);
        body.putUInt(0);
        return new Request(SftpConstants.SSH_FXP_OPEN, body);
    }

    static Request statHandle(byte[] handle) {
        return new Request(SftpConstants.SSH_FXP_FSTAT, bytes(handle));
    }

    static Request readDirectory(byte[] handle) {
        return new Request(SftpConstants.SSH_FXP_READDIR, bytes(handle));
    }

    static Request close(byte[] handle) {
        return new Request(SftpConstants.SSH_FXP_CLOSE, bytes(handle));
    }

    /** Its data land where the answer's do. */
    static Request read(byte[] handle, long offset, int length, Landing landing) {
        Buffer body = bytes(handle);
        body.putLong(offset);
        body.putUInt(length);
        return new Request(SftpConstants.SSH_FXP_READ, body, landing);
    }

    private static Buffer name(String path) {
        return bytes(path.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Buffer bytes(byte[] bytes) {
        Buffer body = new ByteArrayBuffer(bytes.length + 32, false);
        body.putBytes(bytes);
        return body;
    }
}
