# SPDX-License-Identifier: Apache-2.0
"""The one exception of bad input."""


class UserError(ValueError):
    """A file or a value that is wrong: the message says what, where, and what to try."""
