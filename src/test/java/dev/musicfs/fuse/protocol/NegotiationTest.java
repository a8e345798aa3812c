package dev.musicfs.fuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.RequestBody.InitIn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiationTest {
    private static final Negotiation.Wishes WISHES = new Negotiation.Wishes(65536, 160);

    @ParameterizedTest
    @CsvSource({"12,12,24", "22,22,24", "23,23,64", "31,31,64", "38,38,64", "45,45,64", "60,45,64"})
    void theOlderVersionHoldsAndTheReplyIsAsLongAsItWasThen(int minor, int agreed, int bytes) {
        Negotiation negotiation = Negotiation.of(new InitIn(7, minor, 131072, -1L), WISHES);
        ByteBuffer reply = reply(negotiation);
        assertThat(reply.remaining()).isEqualTo(bytes);
        assertThat(reply.getInt()).isEqualTo(7);
        assertThat(reply.getInt()).isEqualTo(agreed).isEqualTo(negotiation.minor());
        assertThat(reply.getInt()).as("max_readahead").isEqualTo(65536);
        reply.getInt();
        assertThat(reply.getShort()).as("max_background").isEqualTo((short) 160);
        assertThat(reply.getShort()).as("congestion_threshold").isEqualTo((short) 120);
        assertThat(reply.getInt()).as("max_write").isEqualTo(65536);
        if (bytes > 24) {
            assertThat(reply.getInt()).as("time_gran").isEqualTo(1);
            assertThat(reply.getShort()).as("max_pages").isEqualTo((short) 32);
            assertThat(reply.getShort()).as("map_alignment").isZero();
            assertThat(reply.getInt()).as("flags2").isEqualTo((int) (Negotiation.FUSE_HAS_RESEND >>> 32));
        }
    }

    @Test
    void nothingIsAgreedThatTheKernelDoesNotOffer() {
        long offered = Negotiation.FUSE_ASYNC_READ | Negotiation.FUSE_DO_READDIRPLUS | 1 << 3 | 1 << 16;
        Negotiation negotiation = Negotiation.of(new InitIn(7, 31, 0, offered), WISHES);
        assertThat(negotiation.flags()).isEqualTo(Negotiation.FUSE_ASYNC_READ | Negotiation.FUSE_DO_READDIRPLUS);
        assertThat(negotiation.has(Negotiation.FUSE_DO_READDIRPLUS)).isTrue();
        assertThat(negotiation.has(Negotiation.FUSE_NO_OPENDIR_SUPPORT)).isFalse();
        assertThat(negotiation.has(Negotiation.FUSE_ASYNC_READ | Negotiation.FUSE_NO_OPENDIR_SUPPORT))
                .isFalse();
        ByteBuffer reply = reply(negotiation);
        assertThat(reply.getInt(8)).as("max_readahead, of which it offers none").isZero();
        assertThat(reply.getInt(12)).isEqualTo((int) offered & ~(1 << 3 | 1 << 16));
    }

    @Test
    void asksForAllThatIsWantedOfAKernelThatHasItAll() {
        Negotiation negotiation = Negotiation.of(new InitIn(7, 45, 131072, -1L), WISHES);
        assertThat(negotiation.flags())
                .isEqualTo(Negotiation.FUSE_ASYNC_READ
                        | Negotiation.FUSE_EXPORT_SUPPORT
                        | Negotiation.FUSE_DO_READDIRPLUS
                        | Negotiation.FUSE_READDIRPLUS_AUTO
                        | Negotiation.FUSE_PARALLEL_DIROPS
                        | Negotiation.FUSE_ABORT_ERROR
                        | Negotiation.FUSE_MAX_PAGES
                        | Negotiation.FUSE_CACHE_SYMLINKS
                        | Negotiation.FUSE_NO_OPENDIR_SUPPORT
                        | Negotiation.FUSE_EXPLICIT_INVAL_DATA
                        | Negotiation.FUSE_INIT_EXT
                        | Negotiation.FUSE_HAS_RESEND);
    }

    @ParameterizedTest
    @CsvSource({"7,11", "7,0", "6,99", "0,0", "-1,45"})
    void aKernelThatIsTooOldIsRefused(int major, int minor) {
        assertThatThrownBy(() -> Negotiation.of(new InitIn(major, minor, 0, 0), WISHES))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    @Test
    void aNewerMajorVersionIsAnsweredWithOurs() {
        Negotiation negotiation = Negotiation.of(new InitIn(8, 1, 0, -1L), WISHES);
        assertThat(negotiation.isAgreed()).isFalse();
        assertThat(reply(negotiation).getLong())
                .isEqualTo(
                        reply(Negotiation.of(new InitIn(7, 45, 0, 0), WISHES)).getLong());
    }

    private static ByteBuffer reply(Negotiation negotiation) {
        ByteBuffer reply = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
        negotiation.write(reply);
        assertThat(reply.position()).isEqualTo(negotiation.replyBytes());
        return reply.flip();
    }
}
