package dev.musicfs.origin.sftp;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientUserAuthService;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/** MINA's login, which notes the ways a server offers: that of a server that offers none of ours says nothing of them. */
final class LoginMethods extends ClientUserAuthService {
    private LoginMethods(Session session) {
        super(session);
    }

    @Override
    protected void processUserAuth(int command, Buffer buffer, AuthFuture loggingIn) throws Exception {
        super.processUserAuth(command, buffer, loggingIn);
        ConnectAttempt attempt = ConnectAttempt.of(getClientSession());
        List<String> offered = serverMethods;
        if (attempt != null && offered != null) {
            attempt.methods(offered);
        }
    }

    /** Makes MINA log in with it. */
    static final class Factory extends ClientUserAuthServiceFactory {
        @Override
        public Service create(Session session) throws IOException {
            return new LoginMethods(session);
        }
    }
}
