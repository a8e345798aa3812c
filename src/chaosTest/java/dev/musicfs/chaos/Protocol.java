package dev.musicfs.chaos;

import java.nio.file.Path;

/** How the files of the {@link Lab} can be reached, and what stands in a configuration for it. */
enum Protocol {
    S3,
    SFTP,
    HTTP;

    /** The keys of an {@code [[origins]]} table that are its own. */
    String keys(Lab lab, Path music, int port) {
        String below = lab.music().relativize(music).toString();
        return switch (this) {
            case S3 ->
                """
                    type = "s3"
                    url = "s3://music/%s"
                    endpoint = "http://127.0.0.1:%d"
                    region = "us-east-1"
                    path_style = true
                    access_key_file = "%s"
                    secret_key_file = "%s"
                    """
                        .formatted(
                                encoded(below),
                                port,
                                lab.s3().accessKey(),
                                lab.s3().secretKey());
            case SFTP ->
                """
                    type = "sftp"
                    url = "sftp://%s@127.0.0.1:%d%s"
                    identity_file = "%s"
                    known_hosts = "%s"
                    agent = false
                    """
                        .formatted(
                                SshServer.user(),
                                port,
                                encoded(music.toString()),
                                lab.ssh().userKey(),
                                lab.ssh().knownHosts(port));
            case HTTP ->
                """
                    type = "http"
                    url = "http://127.0.0.1:%d/%s/"
                    listing = "webdav"
                    """
                        .formatted(port, encoded(below));
        };
    }

    private static String encoded(String path) {
        return path.replace(" ", "%20");
    }
}
