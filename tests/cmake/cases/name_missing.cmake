# SPDX-License-Identifier: Apache-2.0
# fails: pgratchet_add_migrations\(\): the name "" is not a lower-case letter
# fails: the name comes first
pgratchet_add_migrations()
