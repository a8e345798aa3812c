package dev.musicfs.fuse.device;

import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.Negotiation;

/** What answers the kernel's requests. For many threads at the same time. */
public interface RequestHandler {
    /**
     * The kernel has made the connection; requests come from now on. Called once, before the first.
     *
     * @param agreed what it offers and we take
     */
    void begin(Negotiation agreed);

    /**
     * Answers a request now, or sees to it that it is answered later by whoever has the answer. INIT, INTERRUPT, DESTROY,
     * unknown and malformed requests never come here. What this throws is a defect, and the request fails with {@code EIO}.
     *
     * @param request the body is readable during the call only, the header for ever
     * @param reply completed once, by any thread; see {@link FuseReply}
     * @param mayBlock whether this thread may do what blocks, such as reading from a disk or a database. If not, it is the
     *     last that is free: what may block has to be handed on, or the whole mount stops. Waiting for an origin or for a
     *     future is never allowed
     */
    void handle(FuseRequest request, FuseReply reply, boolean mayBlock);
}
