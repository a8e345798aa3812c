package dev.musicfs.origin.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.OriginType;
import dev.musicfs.origin.OriginBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class SftpBackendTest {
    private final OriginType type = new SftpBackend().type();

    @Test
    void isFoundByItsType() {
        assertThat(ServiceLoader.load(OriginBackend.class))
                .extracting(backend -> backend.type().name())
                .contains("sftp");
    }

    @Test
    void costsNothingUntilAnOriginIsMade() throws Exception {
        ClassLoader own = SftpBackendTest.class.getClassLoader();
        ClassLoader withoutLibrary = new ClassLoader(own) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("org.apache.sshd") || name.startsWith("net.i2p")) {
                    throw new ClassNotFoundException(name);
                }
                if (!name.startsWith("dev.musicfs.origin.sftp.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                try (InputStream in = own.getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        OriginBackend backend = Class.forName("dev.musicfs.origin.sftp.SftpBackend", true, withoutLibrary)
                .asSubclass(OriginBackend.class)
                .getConstructor()
                .newInstance();

        assertThat(backend.getClass()).isNotEqualTo(SftpBackend.class);
        assertThat(backend.type().keys()).hasSize(10);
        assertThat(backend.type().problems(new OriginSettings(Map.of("url", "sftp://nas/music"))))
                .isEmpty();
    }

    @Test
    void readsTheUrl() {
        assertThat(SftpUrl.parse("sftp://me@nas:2222/srv/music/"))
                .isEqualTo(new SftpUrl("me", "nas", 2222, "/srv/music"));
        assertThat(SftpUrl.parse("sftp://m%40e@[::1]//a%20b%C3%B6"))
                .isEqualTo(new SftpUrl("m@e", "::1", 22, "/a b\u00c3\u00b6"));
        assertThat(SftpUrl.parse("sftp://nas/~/music"))
                .isEqualTo(new SftpUrl(System.getProperty("user.name"), "nas", 22, "music"));
        assertThat(SftpUrl.parse("sftp://me@my_nas/music")).isEqualTo(new SftpUrl("me", "my_nas", 22, "/music"));
        assertThat(SftpUrl.parse("sftp://me@[fe80::1%25eth0]:23/music"))
                .isEqualTo(new SftpUrl("me", "fe80::1%eth0", 23, "/music"))
                .hasToString("sftp://me@[fe80::1%25eth0]:23");
        assertThat(SftpUrl.parse("sftp://me@nas/~").root()).isEqualTo(".");
        assertThat(SftpUrl.parse("sftp://me@nas").root()).isEqualTo("/");
    }

    @Test
    void refusesAUrlThatCannotBeMeant() {
        for (String url : List.of(
                "http://nas/music",
                "sftp:/music",
                "sftp://me:secret@nas/music",
                "sftp://nas/music?x",
                "sftp://me:sec/ret@nas/music",
                "sftp://me:sec@ret@nas/music",
                "sftp://nas:0/music",
                "sftp://nas:70000/music",
                "sftp://nas/a%00b",
                "sftp://nas/a b")) {
            assertThat(type.problems(new OriginSettings(Map.of("url", url))))
                    .as(url)
                    .hasSize(1)
                    .allMatch(text -> text.startsWith("url ") && !text.contains("secret"));
        }
    }

    @Test
    void refusesHostKeysThatCannotBeMeant() {
        String url = "sftp://me@nas/music";
        for (String key : List.of("SHA256:abc", "MD5:00:11", "AAAA", "")) {
            assertThat(type.problems(new OriginSettings(Map.of("url", url, "host_key", key))))
                    .as(key)
                    .hasSize(1);
        }
        String good = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKUiX4";
        assertThat(type.problems(new OriginSettings(Map.of("url", url, "host_key", good))))
                .isEmpty();
        assertThat(type.problems(
                        new OriginSettings(Map.of("url", url, "host_key", good, "known_hosts", Path.of("/k")))))
                .containsExactly("host_key and known_hosts cannot both be given");
    }
}
