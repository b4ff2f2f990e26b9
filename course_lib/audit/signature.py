"""A signature over a folder, made and verified offline (OpenSSF model signing: SHA-256 of each file, one ECDSA)."""

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from course_lib.errors import CourseError
from course_lib.files import atomic_write


@dataclass(frozen=True)
class Keys:
    """A key pair on disk. Whoever has the private one signs; the public one may be given to everybody.

    Attributes:
        private, public: PEM files.
    """

    private: Path
    public: Path


def new_keys(folder: Path | str) -> Keys:
    """A new P-256 key pair. Keep it out of the model's folder, and out of every repository.

    Args:
        folder: where the two files are written.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    keys = Keys(Path(folder) / "private.pem", Path(folder) / "public.pem")
    atomic_write(keys.private, private).chmod(0o600)
    atomic_write(keys.public, public)
    return keys


def sign(folder: Path | str, keys: Keys, signature: Path | str) -> Path:
    """Sign every file of a folder.

    Args:
        folder: of the model.
        keys: whose private one signs.
        signature: where the signature is written; outside of the folder.

    Raises:
        CourseError: when the folder is none, or would hold the signature or the key.
    """
    from model_signing import signing  # a second of imports that only this needs

    inside = Path(folder).resolve()
    if not inside.is_dir():
        raise CourseError(f"{folder} is no folder: sign the folder that holds the model.")
    for path in (Path(signature), keys.private):
        if inside in path.resolve().parents:
            raise CourseError(f"{path.name} lies in the folder that is signed: keep it elsewhere.")
    signing.Config().use_elliptic_key_signer(private_key=keys.private).sign(inside, signature)
    return Path(signature)


def fault(folder: Path | str, public: Path | str, signature: Path | str) -> str | None:
    """What is wrong with a signed folder; None when each file is as it was signed, by the owner of this key.

    Args:
        folder: of the model.
        public: key of the person who is to have signed.
        signature: of :func:`sign`.
    """
    from model_signing import verifying

    try:
        verifying.Config().use_elliptic_key_verifier(public_key=public).verify(folder, signature)
    except Exception as problem:  # the library raises whatever its parts raise
        found = re.findall(
            r"(?:Hash mismatch for '[^']*'|(?:Extra|Missing) files? [^\"\]]*)", str(problem).replace("\\'", "'")
        )
        return "; ".join(found) or str(problem).splitlines()[0]
    return None
