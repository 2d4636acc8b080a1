# SPDX-License-Identifier: Apache-2.0
# fails: DIRECTORY has no value
pgratchet_add_migrations(shop DIRECTORY)
