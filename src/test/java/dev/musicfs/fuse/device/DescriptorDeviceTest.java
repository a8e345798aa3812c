package dev.musicfs.fuse.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.failure.Errno;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DescriptorDeviceTest {
    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(64);
    private final long address = MemoryIO.getInstance().getDirectBufferAddress(memory);

    @Test
    void staysOpenUnderAThreadThatIsInItAndIsClosedWhenThatLeaves() throws Exception {
        try (ScriptedKernel kernel = new ScriptedKernel()) {
            DescriptorDevice device = kernel.device();
            CompletableFuture<Integer> read = new CompletableFuture<>();
            Thread reader = new Thread(() -> read.complete(device.readBlocking(address, 64)));
            reader.start();
            assertThat(Polling.until(device::isBusy, Duration.ofMillis(1), Deadline.in(Duration.ofSeconds(30))))
                    .isTrue();

            device.close();
            assertThat(device.readBlocking(address, 64)).isEqualTo(Errno.EBADF.negated());
            assertThat(device.write(address, 1)).isEqualTo(Errno.EBADF.negated());
            assertThat(device.isClosed()).as("while a thread is in it").isFalse();
            kernel.sendBytes(new byte[] {1, 2, 3});

            assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(3);
            reader.join();
            assertThat(device.isClosed()).isTrue();
            device.close();
        }
    }

    @Test
    void aCopyIsAnotherDescriptorThatNoProgramInherits() throws Exception {
        int[] fds = TestingSockets.pair();
        DescriptorDevice other = new DescriptorDevice(fds[1]);
        DescriptorDevice copy = DescriptorDevice.copyOf(fds[0]);
        DeviceCalls.get().close(fds[0]);
        assertThat(DeviceCalls.get().fcntl(copy.fd(), F_GETFD, 0)).isEqualTo(FD_CLOEXEC);
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + copy.fd())).toString())
                .startsWith("socket:");
        assertThat(other.write(address, 5)).isZero();
        assertThat(copy.readBlocking(address, 64)).isEqualTo(5);
        other.close();
        assertThat(copy.readBlocking(address, 64)).as("the end").isZero();
        copy.close();
        assertThat(copy.isClosed()).isTrue();
    }
}
