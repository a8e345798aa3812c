package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.OtherUser;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is told who starts MusicFS and has made a mistake, and what nobody is told. */
class FirstAnswersIT {
    private static final String PLANTED = "pl4nt3d-s3cr3t";
    private static final String REDIRECTED = "t0k3n-0f-a-r3d1r3ct";

    private final Vertx vertx = TestingVertx.start();

    @TempDir
    private Path dir;

    private SampleMount it;

    /** A server that refuses the password, or sends whoever asks to where it signs its links. */
    @BeforeEach
    void listen() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            if (request.path().startsWith("/elsewhere")) {
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/elsewhere/again?X-Amz-Signature=" + REDIRECTED)
                        .end();
            } else {
                request.response()
                        .setStatusCode(401)
                        .putHeader("WWW-Authenticate", "Basic realm=\"nas\"")
                        .end();
            }
        });
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .actualPort();
        it = SampleMount.in(dir);
        Path password = Files.writeString(dir.resolve("password"), PLANTED + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                it.config(),
                Files.readString(it.config())
                        + origin("web", port, "/", password)
                        + origin("cloud", port, "/elsewhere/", password));
    }

    private static String origin(String id, int port, String path, Path password) {
        return "[[origins]]\nid = \"" + id + "\"\ntype = \"http\"\nurl = \"http://127.0.0.1:" + port + path
                + "\"\nuser = \"me\"\npassword_file = \"" + password + "\"\n";
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void whoStartsItInTheBackgroundIsToldWhichOriginCannotBeHadAndWhyAndNobodyIsToldASecret() throws Exception {
        List<String> outputs = new ArrayList<>();
        Shell mounted = mount("-d");
        try {
            outputs.add(mounted.output());
            assertThat(mounted.exitCode()).as(mounted.output()).isZero();
            assertThat(mounted.output())
                    .contains("musicfs: serving " + it.mount())
                    .containsPattern("musicfs: warning: origin web cannot be had, .* 401: the user, password or token")
                    .containsPattern("musicfs: warning: origin cloud cannot be had, .*redirects")
                    .doesNotContain("origin disk");
            Shell status = it.command("status");
            outputs.add(status.output());
            assertThat(status.exitCode()).isEqualTo(3);
            assertThat(status.output())
                    .contains(": degraded, ", "origin disk: up\n", "origin web: down\n")
                    .containsPattern("origin web: down\n {2}last error: .* 401: ");
            for (String[] command : new String[][] {
                {"status", "--json"},
                {"origin", "list"},
                {"origin", "list", "--json"},
                {"origin", "health"},
                {"doctor"},
                {"doctor", "--json"},
                {"config", "reload"},
                {"cache", "stats"}
            }) {
                outputs.add(it.command(command).output());
            }
            Shell check = DaemonProcess.run("config", "check", "-c", it.config().toString());
            assertThat(check.exitCode()).as(check.output()).isZero();
            outputs.add(check.output());
        } finally {
            Shell gone = DaemonProcess.run("umount", it.mount().toString());
            assertThat(gone.exitCode()).as(gone.output()).isZero();
        }
        outputs.add(Files.readString(it.cache().resolve("musicfs.log")));
        assertThat(outputs)
                .hasSize(12)
                .allSatisfy(each -> assertThat(each).isNotBlank().doesNotContain(PLANTED, REDIRECTED, base64()));
        assertThat(String.join("\n", outputs)).contains("/elsewhere/", "password");
    }

    private static String base64() {
        return Base64.getEncoder().encodeToString(("me:" + PLANTED).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoWantsEveryOriginGetsNoMountWithoutThem() throws Exception {
        Shell refused = mount("-d", "--require-origins");

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("origin web cannot be had", "1 of 3 origins answer", "--require-origins");
        assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
        try (DaemonProcess foreground = DaemonProcess.start(it.mount(), it.cache(), it.origin(), "--require-origins")) {
            // Those of the command line stand in for the configured ones.
            foreground.awaitOutput("musicfs: 1 of 1 origins answer");
            foreground.awaitOutput("musicfs: scanned ");
            it.end(foreground);
        }
    }

    private Shell mount(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("mount", it.mount().toString()));
        words.addAll(List.of(options));
        words.addAll(
                List.of("-c", it.config().toString(), "--cache-dir", it.cache().toString()));
        return DaemonProcess.run(words.toArray(String[]::new));
    }

    @Test
    void namesOfFilesGiveTheTerminalAndTheLogNoOrders() throws Exception {
        for (String name :
                List.of("esc\u001b]0;OWNED\u0007.mp3", "c1\u009b31m.mp3", "bidi\u202e3pm.mp3", "line\nforged.mp3")) {
            Files.writeString(it.origin().resolve(name), "no music");
        }
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(daemon.output())
                    .contains("esc\\u001b]0;OWNED\\u0007.mp3", "c1\\u009b31m.mp3", "bidi\\u202e3pm.mp3")
                    .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\nforged");
            Shell missing = it.command("cache", "pin", "no\u001b[31mthing");
            assertThat(missing.exitCode()).isNotZero();
            assertThat(missing.output()).contains("no\\u001b[31mthing").doesNotContain("\u001b");
            it.end(daemon);
        }
    }

    @Test
    void whatFusermountSaysOfARefusalIsToldByABackgroundStart() throws Exception {
        assumeFalse(
                Files.readAllLines(Path.of("/etc/fuse.conf")).contains("user_allow_other"),
                "others may be allowed here");
        OtherUser.own(dir);
        try (OtherUser other = OtherUser.start(
                dir,
                "mount",
                "-d",
                "-o",
                "allow_other",
                it.mount().toString(),
                "--origin",
                it.origin().toString(),
                "--cache-dir",
                it.cache().toString())) {
            other.await(() -> !other.isAlive(), "its end");
            assertThat(other.output()).contains("user_allow_other").doesNotContain("musicfs: serving");
        }
    }

    @Test
    void aKilledDaemonLeavesNothingInTheDirectoryForTemporaryFiles() throws Exception {
        Path temporary = Files.createDirectory(dir.resolve("tmp"));
        try (DaemonProcess daemon = it.start(Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary))) {
            daemon.awaitOutput("musicfs: scanned disk");
            daemon.awaitCommands(it.cache());
            assertThat(it.reads(it.right())).isTrue();
            daemon.signal("KILL");
            daemon.awaitExit();
        }
        assertThat(temporary).isEmptyDirectory();
    }
}
