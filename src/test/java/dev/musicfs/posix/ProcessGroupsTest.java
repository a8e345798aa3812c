package dev.musicfs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ProcessGroupsTest {
    @Test
    void knowsTheGroupsThatAProgramHasBesidesItsOwn() throws Exception {
        Process program = new ProcessBuilder(
                        "setpriv",
                        "--reuid",
                        "4242",
                        "--regid",
                        "4242",
                        "--groups",
                        "7,4243",
                        "sh",
                        "-c",
                        "echo; read x")
                .start();
        try (InputStream out = program.getInputStream()) {
            assertThat(out.read()).isEqualTo('\n');
            int pid = (int) program.pid();
            assertThat(ProcessGroups.containsBlocking(pid, 7)).isTrue();
            assertThat(ProcessGroups.containsBlocking(pid, 4243)).isTrue();
            assertThat(ProcessGroups.containsBlocking(pid, 424)).isFalse();
            assertThat(ProcessGroups.containsBlocking(pid, 4242)).as("its own").isFalse();
        } finally {
            program.destroyForcibly().waitFor();
        }
        assertThat(ProcessGroups.containsBlocking((int) program.pid(), 7))
                .as("gone")
                .isFalse();
        assertThat(ProcessGroups.containsBlocking(0, 7)).isFalse();
    }
}
